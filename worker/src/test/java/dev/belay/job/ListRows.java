package dev.belay.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Typed rows over lists: `Long`, `Double`, `String` or null, in the storage forms of [TypedRows].
public final class ListRows implements TypedRows {
    private final List<? extends List<? extends @Nullable Object>> rows;
    private int current = -1;
    private boolean closed;

    /// @param rows each with a value for every column of the source
    public ListRows(List<? extends List<? extends @Nullable Object>> rows) {
        this.rows = rows;
    }

    @Override
    public boolean next() {
        if (closed) {
            throw new IllegalStateException("the rows are closed");
        }
        if (current < rows.size()) {
            current++;
        }
        return current < rows.size();
    }

    @Override
    public boolean isNull(int column) {
        return rows.get(current).get(column) == null;
    }

    @Override
    public long integer(int column) {
        return (Long) given(column);
    }

    @Override
    public double real(int column) {
        return (Double) given(column);
    }

    @Override
    public String text(int column) {
        return (String) given(column);
    }

    private Object given(int column) {
        Object value = rows.get(current).get(column);
        if (value == null) {
            throw new IllegalStateException("row %d, column %d is null".formatted(current, column));
        }
        return value;
    }

    @Override
    public void close() {
        closed = true;
    }
}
