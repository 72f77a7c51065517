package dev.belay.dedupe;

import java.util.ArrayList;
import java.util.List;

/// The first rows that are left out, in the order of the table, however they are found.
final class Examples {
    private final long[] rows;
    private final long[] kept;
    private int count;

    Examples(int most) {
        rows = new long[most];
        kept = new long[most];
    }

    /// @param row  is left out
    /// @param stays is the same and stays
    void add(long row, long stays) {
        int at = count;
        while (at > 0 && rows[at - 1] > row) {
            at--;
        }
        if (at == rows.length || (at > 0 && rows[at - 1] == row)) {
            return;
        }
        int moved = Math.min(count, rows.length - 1) - at;
        System.arraycopy(rows, at, rows, at + 1, moved);
        System.arraycopy(kept, at, kept, at + 1, moved);
        rows[at] = row;
        kept[at] = stays;
        count = Math.min(count + 1, rows.length);
    }

    List<Duplicates.Pair> pairs() {
        List<Duplicates.Pair> pairs = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            pairs.add(new Duplicates.Pair(rows[at], kept[at]));
        }
        return pairs;
    }
}
