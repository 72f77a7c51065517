package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import java.util.Optional;

/// A job message as it was delivered.
///
/// @param requestJson   the canonical JSON of the request
/// @param requestDigest its digest without the id
/// @param maxAttempts   how often it may be tried
/// @param position      where the *original* message stands
/// @param hop           0 for the original message, n for its nth message in a retry topic
/// @param decision      the word on a review that this message brings, if it does
public record Delivery(
        JobId job,
        DatasetId dataset,
        String requestJson,
        Sha256 requestDigest,
        int maxAttempts,
        SourcePosition position,
        int hop,
        Optional<Decision> decision) {
    /// A message that brings no decision.
    public Delivery(
            JobId job,
            DatasetId dataset,
            String requestJson,
            Sha256 requestDigest,
            int maxAttempts,
            SourcePosition position,
            int hop) {
        this(job, dataset, requestJson, requestDigest, maxAttempts, position, hop, Optional.empty());
    }
}
