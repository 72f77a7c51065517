package dev.belay.saga;

import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import java.time.Instant;
import java.util.Map;

/// Who and what an ending is about.
///
/// @param operation the attempt
/// @param attempts  attempts counted so far, this one included
/// @param startedAt when the job was accepted
/// @param millis    how long each stage of the attempt took, in the order they ran
record Facts(JobRequest request, OperationId operation, int attempts, Instant startedAt, Map<String, Long> millis) {}
