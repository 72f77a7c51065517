package dev.belay.dictionary;

import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import java.time.Instant;

/// One copy of a live dictionary.
///
/// @param base      the commit it was live with
/// @param attempt   the attempt's number, from 1
/// @param dictionary everything curated, word for word
public record StashEntry(
        DatasetId dataset,
        Incarnation incarnation,
        OperationId operation,
        int attempt,
        CommitId base,
        Instant createdAt,
        DictionaryDocument dictionary) {}
