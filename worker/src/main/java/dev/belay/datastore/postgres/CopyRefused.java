package dev.belay.datastore.postgres;

import java.io.IOException;
import java.sql.SQLException;

/// A COPY failed: carries it through code that reads rows.
final class CopyRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient SQLException failed;

    CopyRefused(SQLException failed) {
        super(failed);
        this.failed = failed;
    }

    /// What the server or the driver said.
    SQLException failed() {
        return failed;
    }
}
