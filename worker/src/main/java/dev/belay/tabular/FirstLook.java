package dev.belay.tabular;

import java.io.IOException;

/// What a few stretches of a file say about its values, before all of them are read: a guess.
final class FirstLook {
    private static final int STRETCHES = 16;
    private static final int MOST_BYTES = 1 << 16;
    // A look at all of a small file would cost as much as is saved.
    private static final int SHARE = 8;

    private final ColumnTally[] tallies;
    private long rows;
    private long bytes;

    /// Reads the beginning and some stretches from all over the file.
    ///
    /// @param portion to read them with
    FirstLook(Survey.Plan plan, Portion portion) throws IOException {
        tallies = plan.tallies();
        long all = plan.size() - plan.start();
        Known nothing = Known.of(tallies, portion.sample(), plan.start(), 0);
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            long from = plan.start() + all * stretch / STRETCHES;
            long border = Math.min(plan.size(), from + Math.min(MOST_BYTES, all / STRETCHES / SHARE + 1));
            if (stretch == 0) {
                portion.read(from, border, nothing, false);
            } else {
                portion.guess(from - 1, border, nothing);
            }
            for (int column = 0; column < tallies.length; column++) {
                tallies[column].add(portion.tallies()[column], 0, 0);
            }
            rows += portion.rows();
            bytes += portion.to() - portion.from();
        }
    }

    ColumnTally[] tallies() {
        return tallies;
    }

    double rowsPerByte() {
        return bytes == 0 ? 0 : (double) rows / bytes;
    }
}
