package dev.belay.dictionary;

import dev.belay.job.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which field of one dictionary is about which column of a file: first by physical name, then, for columns and fields
/// that are left, by the header it was loaded under, by its name, by its title. The first in order wins, so that the
/// same dictionary and file always give the same match.
final class ColumnMatch {
    /// Number of names in [Field#headers()].
    private static final int HEADERS = 3;

    private final Map<String, Field> byColumn = new HashMap<>();
    private final List<Field> orphans = new ArrayList<>();

    ColumnMatch(DataDictionary dictionary, List<Column> columns) {
        Set<Field> left = new LinkedHashSet<>(dictionary.fields());
        matchByName(left, columns);
        for (int header = 0; header < HEADERS; header++) {
            matchByHeader(header, left, columns);
        }
        orphans.addAll(left);
    }

    /// The field of the column, still under its old name.
    Optional<Field> of(Column column) {
        return Optional.ofNullable(byColumn.get(column.name()));
    }

    /// The fields of no column, in the dictionary's order.
    List<Field> orphans() {
        return orphans;
    }

    private void matchByName(Collection<Field> left, List<Column> columns) {
        Set<String> names = new HashSet<>();
        columns.forEach(column -> names.add(column.name()));
        left.removeIf(field -> {
            boolean known = names.contains(field.name());
            if (known) {
                byColumn.put(field.name(), field);
            }
            return known;
        });
    }

    private void matchByHeader(int header, Collection<Field> left, List<Column> columns) {
        Map<String, Field> fields = new HashMap<>();
        left.forEach(field -> fields.putIfAbsent(field.headers().get(header), field));
        for (Column column : columns) {
            Field found = byColumn.containsKey(column.name()) ? null : fields.remove(Field.headerOf(column));
            if (found != null) {
                byColumn.put(column.name(), found);
                left.remove(found);
            }
        }
    }
}
