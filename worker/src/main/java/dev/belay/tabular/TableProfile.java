package dev.belay.tabular;

import dev.belay.job.Column;
import dev.belay.job.Place;
import dev.belay.screen.Finding;
import dev.belay.screen.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What one walk over every byte of a table has found.
///
/// @param dialect  how it is written
/// @param columns  one for each header field, in file order
/// @param records  all records below the header, blank lines not counted
/// @param rows     those that can be loaded
/// @param rejected those that cannot: always `records - rows`
/// @param rejects  the first of them, with their reasons
/// @param warnings what was odd but could be handled, the dialect's warnings included
/// @param bytes    how long the file is
/// @param parts    the stretches of the file that hold its rows
/// @param findings what looks like personal data, by column; none when nobody asked
/// @param nullTexts for each column the texts that stand for no value, besides the empty one
/// @param misfits  the columns with values that are not of the type demanded
public record TableProfile(
        Dialect dialect,
        List<ColumnProfile> columns,
        long records,
        long rows,
        long rejected,
        List<RejectedRecord> rejects,
        List<String> warnings,
        long bytes,
        List<Part> parts,
        List<Finding> findings,
        List<List<String>> nullTexts,
        List<Misfit> misfits) {
    /// @throws IllegalArgumentException when records are not rows and rejected ones, or columns and headers
    /// differ
    public TableProfile {
        columns = List.copyOf(columns);
        rejects = List.copyOf(rejects);
        warnings = List.copyOf(warnings);
        parts = List.copyOf(parts);
        findings = List.copyOf(findings);
        nullTexts = List.copyOf(nullTexts);
        misfits = List.copyOf(misfits);
        if (records != rows + rejected) {
            throw new IllegalArgumentException(
                    "%d records are not %d rows and %d rejected".formatted(records, rows, rejected));
        }
        if (columns.size() != dialect.headers().size()) {
            throw new IllegalArgumentException("%d columns for a header of %d"
                    .formatted(columns.size(), dialect.headers().size()));
        }
    }

    /// The same with the examples of rejected records in other words.
    public TableProfile withRejects(List<RejectedRecord> told) {
        return new TableProfile(
                dialect, columns, records, rows, rejected, told, warnings, bytes, parts, findings, nullTexts, misfits);
    }

    /// The same with other words for the places of values that are not of the type demanded, or rule types out.
    public TableProfile withPlaces(UnaryOperator<Place> told) {
        List<ColumnProfile> described =
                columns.stream().map(column -> column.withPlaces(told)).toList();
        List<Misfit> placed =
                misfits.stream().map(misfit -> misfit.withPlaces(told)).toList();
        return new TableProfile(
                dialect, described, records, rows, rejected, rejects, warnings, bytes, parts, findings, nullTexts,
                placed);
    }

    /// The same with what looks like personal data in other words.
    public TableProfile withFindings(List<Finding> told) {
        return new TableProfile(
                dialect, columns, records, rows, rejected, rejects, warnings, bytes, parts, told, nullTexts, misfits);
    }

    /// The same with masked values in all examples: for a job that is screened, whose values are not to be shown.
    public TableProfile masked() {
        return withRejects(rejects.stream().map(RejectedRecord::masked).toList())
                .withPlaces(place -> place.withValue(Mask::of));
    }

    /// The same with a warning more.
    public TableProfile warned(String warning) {
        var more = new ArrayList<>(warnings);
        more.add(warning);
        return new TableProfile(
                dialect, columns, records, rows, rejected, rejects, more, bytes, parts, findings, nullTexts, misfits);
    }

    /// The same findings for a reading of the rows in wider types, such as those of a table they are added to.
    ///
    /// @param wider for each column the column as it is to be read; each type must hold every value profiled
    /// @throws IllegalArgumentException when there is not one for each
    public TableProfile readAs(List<Column> wider) {
        if (wider.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "%d columns cannot be read as %d".formatted(columns.size(), wider.size()));
        }
        var read = new ArrayList<ColumnProfile>();
        for (int at = 0; at < columns.size(); at++) {
            read.add(columns.get(at).readAs(wider.get(at)));
        }
        return new TableProfile(
                dialect, read, records, rows, rejected, rejects, warnings, bytes, parts, findings, nullTexts, misfits);
    }
}
