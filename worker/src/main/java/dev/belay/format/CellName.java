package dev.belay.format;

/// Places in a sheet as people write them: `B7`.
final class CellName {
    /// The last column there is, XFD.
    static final int COLUMNS = 16_384;

    private CellName() {}

    /// @param row    from 1
    /// @param column from 1
    static String of(long row, int column) {
        var letters = new StringBuilder();
        for (int rest = column; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return letters.toString() + row;
    }

    /// The column of a name, from 1; 0 when it has none that a sheet can have.
    static int column(String name) {
        int column = 0;
        for (int at = 0; at < name.length() && Character.isLetter(name.charAt(at)); at++) {
            column = column * 26 + Character.toUpperCase(name.charAt(at)) - 'A' + 1;
            if (column < 1 || column > COLUMNS) {
                return 0;
            }
        }
        return column;
    }
}
