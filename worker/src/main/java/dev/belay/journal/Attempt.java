package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One run of a job as far as it has come.
///
/// @param number      from 1 within its job; crashes count
/// @param hop         the message it runs for
/// @param counted     whether it counts against the job's attempts (an outage does not)
/// @param failureJson present from [Phase#ROLLING_BACK] on: why
/// @param effects     by ordinal
/// @param endedAt     empty while it is open
public record Attempt(
        OperationId operation,
        JobId job,
        DatasetId dataset,
        int number,
        int hop,
        Epoch epoch,
        WorkerId owner,
        Phase phase,
        boolean counted,
        Optional<String> failureJson,
        List<Effect> effects,
        Instant startedAt,
        Optional<Instant> endedAt) {
    /// Copies the effects.
    public Attempt {
        effects = List.copyOf(effects);
    }
}
