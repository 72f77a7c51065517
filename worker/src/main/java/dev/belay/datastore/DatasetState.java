package dev.belay.datastore;

import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import java.util.Optional;

/// What is published now.
///
/// @param incarnation        empty while [Presence#UNKNOWN]
/// @param head               present exactly when [Presence#LIVE]
/// @param dictionary         present exactly when [Presence#LIVE]
/// @param dictionaryRevision grows with every change of the live dictionary; 0 when there never was one
/// @param emptiedBy          present exactly when [Presence#EMPTIED]
/// @param fence              the epoch that may publish
/// @param nextVersion        the version number the next publication gets
public record DatasetState(
        DatasetId dataset,
        Presence presence,
        Optional<Incarnation> incarnation,
        Optional<Commit> head,
        Optional<DictionaryDocument> dictionary,
        long dictionaryRevision,
        Optional<OperationId> emptiedBy,
        Epoch fence,
        int nextVersion) {}
