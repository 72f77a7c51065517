package dev.belay.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Typed rows over lists: `Long`, `Double`, `String` or null, in parts of a thousand or another length.
///
/// Texts are encoded as they are: half a surrogate pair becomes three bytes that are no UTF-8.
public class ListRows implements TypedTable {
    private static final int PART = 1000;

    private final List<? extends List<? extends @Nullable Object>> rows;
    private final int length;
    private volatile boolean closed;

    /// @param rows each with a value for every column of the source
    public ListRows(List<? extends List<? extends @Nullable Object>> rows) {
        this(rows, PART);
    }

    /// @param length how many rows are in a part
    public ListRows(List<? extends List<? extends @Nullable Object>> rows, int length) {
        this.rows = rows;
        this.length = length;
    }

    @Override
    public int parts() {
        return (rows.size() + length - 1) / length;
    }

    @Override
    public long rowsBefore(int part) {
        return (long) part * length;
    }

    @Override
    public long rows() {
        return rows.size();
    }

    @Override
    public void read(int part, RowSink sink) throws JobFailure, IOException {
        if (closed) {
            throw new IllegalStateException("the rows are closed");
        }
        for (List<? extends @Nullable Object> row :
                rows.subList(part * length, Math.min(rows.size(), (part + 1) * length))) {
            for (int column = 0; column < row.size(); column++) {
                give(sink, column, row.get(column));
            }
            sink.endRow();
        }
    }

    /// Gives one value to a sink by the method that fits it.
    public static void give(RowSink sink, int column, @Nullable Object value) {
        switch (value) {
            case null -> sink.nothing(column);
            case Long number -> sink.integer(column, number);
            case Double number -> sink.real(column, number);
            case String text -> {
                byte[] bytes = encoded(text);
                sink.text(column, bytes, 0, bytes.length);
            }
            default -> throw new IllegalArgumentException("not a storage form: " + value.getClass());
        }
    }

    private static byte[] encoded(String text) {
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(code -> {
            boolean half = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
            bytes.writeBytes(
                    half
                            ? new byte[] {
                                (byte) 0xed, (byte) (0x80 | ((code >> 6) & 0x3f)), (byte) (0x80 | (code & 0x3f))
                            }
                            : Character.toString(code).getBytes(StandardCharsets.UTF_8));
        });
        return bytes.toByteArray();
    }

    @Override
    public final void close() {
        closed = true;
    }
}
