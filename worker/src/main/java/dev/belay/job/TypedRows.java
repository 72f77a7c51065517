package dev.belay.job;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A forward-only walk over typed rows, one current row at a time. Used by one thread; ends with [#close()].
///
/// Values come in the storage form of their column's type: `BOOLEAN` and `INTEGER` as [#integer(int)] (booleans 0 or
/// 1), `DOUBLE` as [#real(int)], all others, decimals too, as [#text(int)]. Asking in another form than the column's is
/// a defect.
public interface TypedRows extends AutoCloseable {
    /// Moves to the next row.
    ///
    /// @return false after the last row
    /// @throws JobFailure  when the input cannot be read as what it was found to be (it changed, or it is at
    /// fault)
    /// @throws IOException when the file itself cannot be read
    boolean next() throws JobFailure, IOException;

    /// Whether the current row has no value in `column` (from 0).
    boolean isNull(int column);

    /// A `BOOLEAN` or `INTEGER` value that is not null.
    long integer(int column);

    /// A `DOUBLE` value that is not null.
    double real(int column);

    /// A `DECIMAL`, `DATE`, `TIMESTAMP` or `TEXT` value that is not null.
    String text(int column);

    /// The current value of a column in its storage form, boxed; for code that is not hot.
    default @Nullable Object value(int column, ColumnType type) {
        if (isNull(column)) {
            return null;
        }
        return switch (type) {
            case BOOLEAN, INTEGER -> integer(column);
            case DOUBLE -> real(column);
            case DECIMAL, DATE, TIMESTAMP, TEXT -> text(column);
        };
    }

    @Override
    void close() throws IOException;
}
