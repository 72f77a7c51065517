package dev.belay.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the rows it is given as lists of `Long`, `Double`, `String` or null, in whatever order their columns come.
public final class CollectedRows implements RowSink {
    private final @Nullable Object[] current;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    /// @param columns how many each row has
    public CollectedRows(int columns) {
        current = new Object[columns];
    }

    /// Reads a whole table.
    public static List<List<@Nullable Object>> of(TypedTable table, int columns) throws JobFailure, IOException {
        var collected = new CollectedRows(columns);
        for (int part = 0; part < table.parts(); part++) {
            table.read(part, collected);
        }
        return collected.rows;
    }

    /// The rows so far.
    public List<List<@Nullable Object>> rows() {
        return rows;
    }

    @Override
    public void nothing(int column) {
        current[column] = null;
    }

    @Override
    public void integer(int column, long value) {
        current[column] = value;
    }

    @Override
    public void real(int column, double value) {
        current[column] = value;
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        text(column, bytes, from, to);
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        current[column] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public void endRow() {
        rows.add(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(current))));
    }
}
