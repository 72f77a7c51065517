package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.time.Instant;

/// Why a dataset is set aside.
///
/// @param operation the attempt that could not be judged
public record Quarantine(DatasetId dataset, OperationId operation, String reason, Instant since) {}
