package dev.belay.job;

/// One column of a table.
///
/// @param name      the physical name: safe, unique in its table ignoring case, at most 63 bytes of UTF-8
/// @param title     the header as it stood in the file
/// @param type      decided from the whole file, or by the dictionary
/// @param precision significant decimal digits for [ColumnType#DECIMAL], else 0
/// @param scale     digits after the point for [ColumnType#DECIMAL], else 0
public record Column(String name, String title, ColumnType type, int precision, int scale) {
    /// A column that is not a decimal.
    public static Column of(String name, ColumnType type) {
        return new Column(name, name, type, 0, 0);
    }

    /// The same column with another type; decimals keep their digits.
    public Column as(ColumnType other) {
        return other == type ? this : new Column(name, title, other, 0, 0);
    }
}
