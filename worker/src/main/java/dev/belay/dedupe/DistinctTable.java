package dev.belay.dedupe;

import dev.belay.job.JobFailure;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.BitSet;

/// A table without some of its rows.
final class DistinctTable implements TypedTable {
    private final TypedTable rows;
    private final Marked marked;
    private final long[] markedBefore;

    private DistinctTable(TypedTable rows, Marked marked, long[] markedBefore) {
        this.rows = rows;
        this.marked = marked;
        this.markedBefore = markedBefore;
    }

    static DistinctTable of(TypedTable rows, Marked marked) throws IOException {
        long[] before = new long[rows.parts() + 1];
        for (int part = 0; part < rows.parts(); part++) {
            before[part + 1] = before[part]
                    + marked.among(rows.rowsBefore(part), end(rows, part)).cardinality();
        }
        if (before[rows.parts()] != marked.count()) {
            throw new IllegalStateException("%d rows are to be left out, but the table has %d of them"
                    .formatted(marked.count(), before[rows.parts()]));
        }
        return new DistinctTable(rows, marked, before);
    }

    /// The number of the first row behind a part.
    static long end(TypedTable rows, int part) {
        return part + 1 < rows.parts() ? rows.rowsBefore(part + 1) : rows.rows();
    }

    @Override
    public int parts() {
        return rows.parts();
    }

    @Override
    public long rowsBefore(int part) {
        return rows.rowsBefore(part) - markedBefore[part];
    }

    @Override
    public long rows() {
        return rows.rows() - marked.count();
    }

    @Override
    public long deduplicated() {
        return rows.deduplicated() + marked.count();
    }

    @Override
    public void read(int part, RowSink sink) throws JobFailure, IOException {
        if (markedBefore[part] == markedBefore[part + 1]) {
            rows.read(part, sink);
        } else {
            rows.read(part, new Passing(marked.among(rows.rowsBefore(part), end(rows, part)), sink));
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /// Passes on the rows that are not marked.
    private static final class Passing implements RowSink {
        private final BitSet out;
        private final RowSink sink;
        private int row;
        private boolean passes;

        Passing(BitSet out, RowSink sink) {
            this.out = out;
            this.sink = sink;
            passes = !out.get(0);
        }

        @Override
        public void nothing(int column) {
            if (passes) {
                sink.nothing(column);
            }
        }

        @Override
        public void integer(int column, long value) {
            if (passes) {
                sink.integer(column, value);
            }
        }

        @Override
        public void real(int column, double value) {
            if (passes) {
                sink.real(column, value);
            }
        }

        @Override
        public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
            if (passes) {
                sink.decimal(column, bytes, from, to, unscaled, scale);
            }
        }

        @Override
        public void text(int column, byte[] bytes, int from, int to) {
            if (passes) {
                sink.text(column, bytes, from, to);
            }
        }

        @Override
        public void endRow() throws JobFailure, IOException {
            if (passes) {
                sink.endRow();
            }
            row++;
            passes = !out.get(row);
        }
    }
}
