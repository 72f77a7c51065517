package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;

/// The right to decide about a dataset for one attempt, until someone claims anew.
public record Claim(JobId job, DatasetId dataset, OperationId operation, Epoch epoch) {}
