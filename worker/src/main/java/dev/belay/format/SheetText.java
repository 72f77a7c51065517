package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes the cells of a sheet as records of one width, those of rows without any cell left out. Whether the width was
/// the right one is known in the end; if it was not, the walk is made once more.
final class SheetText implements Cells {
    private final CanonicalText out;
    private final FormatLimits limits;
    private final String sheet;
    private final int first;
    private final int last;
    private final long startRow;
    private final @Nullable String[] row;
    private long current;
    private long rows;
    private int least = Integer.MAX_VALUE;
    private int most;
    private long errors;
    private long uncomputed;
    private long merged;

    /// @param first    the first column that is written, from 1
    /// @param last     the last one
    /// @param startRow rows above it are passed over
    SheetText(CanonicalText out, FormatLimits limits, String sheet, int first, int last, long startRow) {
        this.out = out;
        this.limits = limits;
        this.sheet = sheet;
        this.first = first;
        this.last = last;
        this.startRow = startRow;
        this.row = new @Nullable String[last - first + 1];
    }

    @Override
    public void value(long at, int column, String value) throws JobFailure, IOException {
        if (at < startRow) {
            return;
        }
        if (at < current) {
            throw JobFailure.permanent(
                    FailureCode.WORKBOOK_CORRUPT,
                    "sheet %s: row %d stands behind row %d".formatted(Quoted.of(sheet), at, current));
        }
        if (at != current) {
            endRow();
            current = at;
        }
        least = Math.min(least, column);
        most = Math.max(most, column);
        if (most - least >= limits.columns()) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "sheet %s: from column %d to cell %s there are more columns than limits.columns (%d)"
                            .formatted(Quoted.of(sheet), least, CellName.of(at, column), limits.columns()));
        }
        if (column >= first && column <= last) {
            row[column - first] = value;
        }
    }

    @Override
    public void error(long at, int column) {
        errors += at < startRow ? 0 : 1;
    }

    @Override
    public void uncomputed(long at, int column) {
        uncomputed += at < startRow ? 0 : 1;
    }

    @Override
    public void merged(long areas) {
        merged += areas;
    }

    /// The last row is complete.
    void end() throws JobFailure, IOException {
        endRow();
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /// Whether the columns that were written are those that have cells.
    boolean fits() {
        return least == first && most == last;
    }

    int leastColumn() {
        return least;
    }

    int mostColumn() {
        return most;
    }

    long errors() {
        return errors;
    }

    long uncomputedFormulas() {
        return uncomputed;
    }

    long mergedAreas() {
        return merged;
    }

    private void endRow() throws JobFailure, IOException {
        if (current == 0) {
            return;
        }
        rows++;
        for (@Nullable String value : row) {
            if (value == null) {
                out.nothing();
            } else {
                out.value(value);
            }
        }
        out.end();
        Arrays.fill(row, null);
    }
}
