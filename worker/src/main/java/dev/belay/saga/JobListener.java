package dev.belay.saga;

import dev.belay.job.OperationId;

/// Hears what goes on in a job while it runs. Best effort: what is heard here is lost in a crash. Must return at once
/// and never throw.
public interface JobListener {
    /// Hears nothing.
    JobListener SILENT = new JobListener() {};

    /// An attempt has begun.
    default void attemptStarted(OperationId operation, int number) {}

    /// A stage has begun.
    default void stageStarted(OperationId operation, String stage) {}

    /// A stage is done.
    default void stageDone(OperationId operation, String stage) {}

    /// A stage has come this far.
    ///
    /// @param total -1 while not known
    /// @param unit  `bytes` or `rows`
    default void progress(OperationId operation, String stage, long done, long total, String unit) {}
}
