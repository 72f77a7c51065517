package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import java.util.List;
import java.util.Optional;

/// What an attempt is going to stage, known before anything is made.
///
/// @param commit  the commit it is staged for; together with the dataset it is the staged object's name
/// @param version the version number it will be published as
/// @param mode    APPEND and UPSERT start from the base's rows
/// @param base    the head it starts from, without its profile: plans are kept with stages; empty when there is none
/// @param columns the columns of the whole result: for APPEND and UPSERT the base's merged with the file's, where base
/// columns missing in the file are null in new rows
/// @param incoming for each of the row source's columns, in its order, the index of that column in `columns`
/// @param key     physical names of the key columns, may be empty
public record StagingPlan(
        DatasetId dataset,
        OperationId operation,
        CommitId commit,
        int version,
        Mode mode,
        Optional<Commit> base,
        List<Column> columns,
        List<Integer> incoming,
        List<String> key) {
    /// Copies the lists, and leaves the base's profile out.
    public StagingPlan {
        base = base.map(Commit::withoutProfile);
        columns = List.copyOf(columns);
        incoming = List.copyOf(incoming);
        key = List.copyOf(key);
    }
}
