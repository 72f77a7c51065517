package dev.belay.saga;

import dev.belay.dedupe.Sameness;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DedupeRule;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The columns of the version to be made, and where each of the file's columns goes. Pure.
///
/// @param columns  of the whole result
/// @param incoming for each of the file's columns its index in `columns`
/// @param file     the file's columns with the types they are read in: those of the result
record TargetColumns(List<Column> columns, List<Integer> incoming, List<Column> file) {
    /// The file is the whole table.
    static TargetColumns ofFile(List<Column> file) {
        var incoming = new ArrayList<Integer>();
        for (int at = 0; at < file.size(); at++) {
            incoming.add(at);
        }
        return new TargetColumns(file, incoming, file);
    }

    /// The file's columns are added to the base's, matched by name ignoring case; a shared column gets the type
    /// that holds both. So a type that the dictionary demands, in which the file was read, stands only where the
    /// published rows can be kept in it: they are never cast.
    static TargetColumns merged(List<Column> base, List<Column> file) {
        var columns = new ArrayList<>(base);
        Map<String, Integer> places = new HashMap<>();
        for (int at = 0; at < base.size(); at++) {
            places.put(folded(base.get(at).name()), at);
        }
        var incoming = new ArrayList<Integer>();
        var read = new ArrayList<Column>();
        for (Column column : file) {
            Integer place = places.get(folded(column.name()));
            if (place == null) {
                incoming.add(columns.size());
                columns.add(column);
                read.add(column);
            } else {
                Column shared = widened(columns.get(place), column);
                columns.set(place, shared);
                incoming.add(place);
                read.add(new Column(column.name(), column.title(), shared.type(), shared.precision(), shared.scale()));
            }
        }
        return new TargetColumns(columns, incoming, read);
    }

    /// When two records of the file are the same.
    ///
    /// @throws JobFailure `KEY_COLUMN_MISSING` when the file has not the columns that are compared
    Sameness sameness(DedupeRule rule) throws JobFailure {
        List<String> names = file.stream().map(Column::name).toList();
        List<Integer> places = named(rule.columns(), file).stream()
                .map(names::indexOf)
                .distinct()
                .toList();
        return new Sameness(file.stream().map(Column::type).toList(), places, rule.keep());
    }

    /// The physical names of the columns that a job names by name or by original header.
    static List<String> named(List<String> wanted, List<Column> columns) throws JobFailure {
        var names = new ArrayList<String>();
        for (String name : wanted) {
            Optional<Column> found = columns.stream()
                    .filter(column ->
                            column.name().equals(name) || column.title().equals(name))
                    .findFirst();
            if (found.isEmpty()) {
                throw JobFailure.permanent(
                        FailureCode.KEY_COLUMN_MISSING,
                        "key column \"%s\" is not among the columns %s"
                                .formatted(
                                        Excerpt.of(name),
                                        columns.stream()
                                                .limit(20)
                                                .map(Column::name)
                                                .toList()));
            }
            names.add(found.get().name());
        }
        return names;
    }

    private static Column widened(Column base, Column file) {
        ColumnType type = base.type().widenedWith(file.type());
        if (type != ColumnType.DECIMAL) {
            return base.as(type);
        }
        int scale = Math.max(base.scale(), file.scale());
        int whole = Math.max(wholeDigits(base), wholeDigits(file));
        return new Column(base.name(), base.title(), type, whole + scale, scale);
    }

    /// Digits before the point; a whole number of 64 bits has at most 19.
    private static int wholeDigits(Column column) {
        return column.type() == ColumnType.DECIMAL ? column.precision() - column.scale() : 19;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
