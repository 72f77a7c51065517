package dev.belay.intake;

import dev.belay.job.FailureCode;
import org.jspecify.annotations.Nullable;

/// Why a message is not taken as a job.
///
/// @param message the problems with their JSON pointers, or the limit that was passed
/// @param jobId   as far as the message could be read
/// @param dataset likewise
record Refusal(
        FailureCode code,
        String message,
        @Nullable String jobId,
        @Nullable String dataset) {}
