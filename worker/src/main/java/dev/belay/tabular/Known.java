package dev.belay.tabular;

/// What is known of each column from the chunks that were joined, so that later ones need not find it out again. It
/// never changes what is found, only what it costs.
///
/// @param possible the forms that all values have
/// @param wanted   the forms against which examples are wanted
/// @param ranks    the sketch of the different values where there are too many to be counted one by one, else empty;
/// it goes on growing while it is read, which does no harm: it never says more than the values joined by then
/// @param level    how thin the sample is
/// @param at       where the first chunk begins that is not joined
/// @param rows     how many rows stand before it
// Arrays of its own, one word for each column, that nobody compares.
@SuppressWarnings("ArrayRecordComponent")
record Known(int[] possible, int[] wanted, byte[][] ranks, int level, long at, long rows) {
    static Known of(ColumnTally[] tallies, RowSample sample, long at, long rows) {
        int columns = tallies.length;
        var known = new Known(new int[columns], new int[columns], new byte[columns][], sample.level(), at, rows);
        for (int column = 0; column < tallies.length; column++) {
            known.possible[column] = tallies[column].forms().possible();
            known.wanted[column] = tallies[column].forms().wanted();
            known.ranks[column] = tallies[column].distinct().ranks();
        }
        return known;
    }
}
