package dev.belay.tabular;

/// What is known of each column from the chunks that were joined, so that later ones need not find it out again. It
/// never changes what is found, only what it costs.
///
/// @param possible the forms that all values have
/// @param wanted   the forms against which examples are wanted
/// @param many     whether there are more different values than are counted one by one
/// @param level    how thin the sample is
// Arrays of its own, one word for each column, that nobody compares.
@SuppressWarnings("ArrayRecordComponent")
record Known(int[] possible, int[] wanted, boolean[] many, int level) {
    static Known of(ColumnTally[] tallies, RowSample sample) {
        int columns = tallies.length;
        var known = new Known(new int[columns], new int[columns], new boolean[columns], sample.level());
        for (int column = 0; column < tallies.length; column++) {
            known.possible[column] = tallies[column].forms().possible();
            known.wanted[column] = tallies[column].forms().wanted();
            known.many[column] = !tallies[column].distinct().isExact();
        }
        return known;
    }
}
