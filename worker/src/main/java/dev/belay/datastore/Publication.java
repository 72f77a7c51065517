package dev.belay.datastore;

import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.Incarnation;
import java.time.Instant;

/// Everything one publication changes, decided beforehand.
///
/// @param staging            what was staged and sealed; its commit id, version and base are those of the publication
/// @param manifest           what was sealed
/// @param kind               why
/// @param epoch              the claim under which it is published
/// @param incarnation        the dataset's incarnation at planning, or a new one when there was none
/// @param dictionary         the dictionary after merging
/// @param dictionaryRevision the revision of the live dictionary it was merged with
/// @param provenance         what it was made from
/// @param profileJson        kept with the commit
/// @param publishedAt        when
public record Publication(
        StagingPlan staging,
        Staged manifest,
        CommitKind kind,
        Epoch epoch,
        Incarnation incarnation,
        DictionaryDocument dictionary,
        long dictionaryRevision,
        Provenance provenance,
        String profileJson,
        Instant publishedAt) {}
