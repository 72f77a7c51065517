package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;

/// A job message as it was delivered.
///
/// @param requestJson   the canonical JSON of the request
/// @param requestDigest its digest without the id
/// @param maxAttempts   how often it may be tried
/// @param position      where the *original* message stands
/// @param hop           0 for the original message, n for its nth message in a retry topic
public record Delivery(
        JobId job,
        DatasetId dataset,
        String requestJson,
        Sha256 requestDigest,
        int maxAttempts,
        SourcePosition position,
        int hop) {}
