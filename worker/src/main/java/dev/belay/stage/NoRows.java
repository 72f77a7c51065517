package dev.belay.stage;

import dev.belay.job.TypedRows;

/// A table without rows.
record NoRows() implements TypedRows {
    @Override
    public boolean next() {
        return false;
    }

    @Override
    public boolean isNull(int column) {
        throw new IllegalStateException("there is no row");
    }

    @Override
    public long integer(int column) {
        throw new IllegalStateException("there is no row");
    }

    @Override
    public double real(int column) {
        throw new IllegalStateException("there is no row");
    }

    @Override
    public String text(int column) {
        throw new IllegalStateException("there is no row");
    }

    @Override
    public void close() {}
}
