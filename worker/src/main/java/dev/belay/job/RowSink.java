package dev.belay.job;

import java.io.IOException;

/// Takes the rows of a table, one value after the other, without an object for any of them.
///
/// For each row every column is given once, in the order of the source's columns, by the method that fits its type:
/// `BOOLEAN` and `INTEGER` by [#integer] (booleans 0 or 1), `DOUBLE` by [#real], `DECIMAL` by [#decimal] where it
/// fits a long and by [#text] where it does not, all others by [#text]; then [#endRow]. Arrays are the caller's and
/// valid during the call only. Used by one thread.
public interface RowSink {
    /// No value.
    void nothing(int column);

    /// A whole number, or 0 and 1 for a truth.
    void integer(int column, long value);

    /// A finite number.
    void real(int column, double value);

    /// A plain decimal as it is written, ASCII in `bytes[from, to)`, and the same as a number: `unscaled` times 10
    /// to the power of `-scale`, of at most 18 digits.
    void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale);

    /// Well-formed UTF-8 in `bytes[from, to)`, without U+0000.
    void text(int column, byte[] bytes, int from, int to);

    /// The row is complete.
    ///
    /// @throws JobFailure  when the row cannot be stored and is at fault itself
    /// @throws IOException when what it is stored in cannot be written
    void endRow() throws JobFailure, IOException;
}
