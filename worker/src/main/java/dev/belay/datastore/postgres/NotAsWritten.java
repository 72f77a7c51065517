package dev.belay.datastore.postgres;

import java.io.IOException;
import java.util.List;

/// Values would not come back as they were written from the types their columns have: the rows are to be
/// loaded again into others.
final class NotAsWritten extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<StoredColumn> columns;

    /// @param columns those that take all rows
    NotAsWritten(List<StoredColumn> columns) {
        super("values need other types");
        this.columns = List.copyOf(columns);
    }

    List<StoredColumn> columns() {
        return columns;
    }
}
