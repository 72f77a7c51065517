package dev.belay.datastore;

import java.util.List;

/// An index to be made on a staged table.
///
/// @param columns physical names, at least one
/// @param unique  whether it is the table's key: its columns may then hold no nulls either
public record IndexPlan(List<String> columns, boolean unique) {
    /// Copies the columns.
    ///
    /// @throws IllegalArgumentException when there is none
    public IndexPlan {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("an index needs a column");
        }
    }
}
