package dev.belay.datastore.sqlite.pages;

import java.io.IOException;

/// The file could not be written: tells it from a source that could not be read, through code that reads rows.
public final class NotWritten extends IOException {
    private final IOException failed;

    NotWritten(IOException failed) {
        super(failed);
        this.failed = failed;
    }

    /// Why.
    public IOException failed() {
        return failed;
    }
}
