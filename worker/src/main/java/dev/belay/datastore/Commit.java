package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One entry of a dataset's history.
///
/// @param parent      the head it replaced
/// @param version     from 1, grows by one with each commit of the dataset
/// @param rows        rows in the table
/// @param bytes       size of the data as stored
/// @param columns     the table's columns without `_id`, in file order
/// @param provenance  what it was made from
/// @param profileJson the profile of its columns as the saga wrote it
public record Commit(
        CommitId id,
        DatasetId dataset,
        OperationId operation,
        CommitKind kind,
        int version,
        Optional<CommitId> parent,
        long rows,
        long bytes,
        List<Column> columns,
        Provenance provenance,
        String profileJson,
        Instant publishedAt) {
    /// Copies the columns.
    public Commit {
        columns = List.copyOf(columns);
    }

    /// The same without its profile, which is larger than all the rest.
    public Commit withoutProfile() {
        return new Commit(
                id, dataset, operation, kind, version, parent, rows, bytes, columns, provenance, "", publishedAt);
    }
}
