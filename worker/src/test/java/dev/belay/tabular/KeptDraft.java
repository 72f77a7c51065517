package dev.belay.tabular;

import dev.belay.job.CollectedRows;
import dev.belay.job.TableDraft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A draft in memory that is as strict as one can be: it takes no part that was begun with another number of rows
/// before it.
final class KeptDraft implements TableDraft {
    private final int columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private int refused;

    KeptDraft(int columns) {
        this.columns = columns;
    }

    /// All rows that were added.
    List<List<@Nullable Object>> rows() {
        return rows;
    }

    /// How many parts had to be given once more.
    int refused() {
        return refused;
    }

    @Override
    public Part part() {
        return new KeptPart(columns);
    }

    @Override
    public boolean add(Part part, long before) {
        var kept = (KeptPart) part;
        if (kept.before != before) {
            refused++;
            return false;
        }
        if (before != rows.size()) {
            throw new IllegalStateException("%d rows before, of %d".formatted(before, rows.size()));
        }
        rows.addAll(kept.collected.rows());
        return true;
    }

    @Override
    public void close() {}

    private static final class KeptPart implements Part {
        private final int columns;
        private long before = -1;
        private CollectedRows collected;

        KeptPart(int columns) {
            this.columns = columns;
            collected = new CollectedRows(columns);
        }

        @Override
        public void begin(long rowsBefore) {
            before = rowsBefore;
            collected = new CollectedRows(columns);
        }

        @Override
        public void nothing(int column) {
            collected.nothing(column);
        }

        @Override
        public void integer(int column, long value) {
            collected.integer(column, value);
        }

        @Override
        public void real(int column, double value) {
            collected.real(column, value);
        }

        @Override
        public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
            collected.decimal(column, bytes, from, to, unscaled, scale);
        }

        @Override
        public void text(int column, byte[] bytes, int from, int to) {
            collected.text(column, bytes, from, to);
        }

        @Override
        public void endRow() throws IOException {
            collected.endRow();
        }
    }
}
