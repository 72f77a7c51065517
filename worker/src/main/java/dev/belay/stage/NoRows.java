package dev.belay.stage;

import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;

/// A table without rows.
record NoRows() implements TypedTable {
    @Override
    public int parts() {
        return 0;
    }

    @Override
    public long rowsBefore(int part) {
        throw new IllegalArgumentException("there is no part " + part);
    }

    @Override
    public long rows() {
        return 0;
    }

    @Override
    public void read(int part, RowSink sink) {
        throw new IllegalArgumentException("there is no part " + part);
    }

    @Override
    public void close() {}
}
