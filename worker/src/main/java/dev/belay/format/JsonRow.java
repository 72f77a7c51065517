package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.Arrays;

/// The values of one row by column, until the row is complete: they come in the order of their keys and go in the order
/// of the columns.
final class JsonRow {
    private final FormatLimits limits;
    private byte[] bytes = new byte[1 << 12];
    private int length;
    private int[] from = new int[64];
    private int[] to = new int[64];
    private long[] seenIn = new long[64];
    private long row;

    JsonRow(FormatLimits limits) {
        this.limits = limits;
    }

    void begin() {
        row++;
        length = 0;
    }

    /// Whether the row has a value, or a null, in the column.
    boolean has(int column) {
        return column < seenIn.length && seenIn[column] == row;
    }

    void nothing(int column) {
        see(column);
        from[column] = -1;
    }

    void value(int column, JsonTokens tokens, long record) throws JobFailure {
        see(column);
        int more = tokens.length();
        if (length + more > bytes.length) {
            if (length + (long) more > limits.recordBytes()) {
                throw JobFailure.permanent(
                        FailureCode.ROW_TOO_LARGE,
                        "record %d is larger than limits.recordBytes (%d bytes)"
                                .formatted(record, limits.recordBytes()));
            }
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        System.arraycopy(tokens.bytes(), 0, bytes, length, more);
        from[column] = length;
        length += more;
        to[column] = length;
    }

    void write(CanonicalText out, int columns) throws JobFailure, IOException {
        for (int column = 0; column < columns; column++) {
            if (has(column) && from[column] >= 0) {
                out.value(bytes, from[column], to[column]);
            } else {
                out.nothing();
            }
        }
        out.end();
    }

    private void see(int column) {
        if (column >= seenIn.length) {
            int larger = Math.max(2 * seenIn.length, column + 1);
            from = Arrays.copyOf(from, larger);
            to = Arrays.copyOf(to, larger);
            seenIn = Arrays.copyOf(seenIn, larger);
        }
        seenIn[column] = row;
    }
}
