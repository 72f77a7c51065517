package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import java.time.Instant;
import java.util.Optional;

/// What the journal knows of a job.
///
/// @param hop           which of its messages is being dealt with
/// @param attempts      attempts counted so far
/// @param nextAttemptAt present while [JobState#AWAITING_RETRY]
/// @param review        what a person was asked last, also when it is decided
/// @param decision      the word on it, once it is there
/// @param receiptJson   the data of its terminal event, once it has ended
public record JobRecord(
        JobId job,
        DatasetId dataset,
        JobState state,
        String requestJson,
        Sha256 requestDigest,
        SourcePosition position,
        int hop,
        int attempts,
        int maxAttempts,
        Instant acceptedAt,
        Optional<Instant> nextAttemptAt,
        Optional<Review> review,
        Optional<Decision> decision,
        Optional<Instant> endedAt,
        Optional<String> receiptJson) {}
