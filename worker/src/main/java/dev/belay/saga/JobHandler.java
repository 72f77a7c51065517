package dev.belay.saga;

import dev.belay.job.JobRequest;
import dev.belay.journal.Delivery;

/// What is done with a delivered job message. The border between intake, which knows Kafka, and the saga, which does
/// not.
public interface JobHandler {
    /// Brings a delivered message to the end of its hop: runs the job, goes on with it, or finds that it is done.
    ///
    /// Blocks for as long as the job takes; call it on a thread of the job's own. Jobs of one dataset are handled
    /// one after the other by one worker. Never throws for what a job, a file or a store can do wrong; only a
    /// defect or [dev.belay.job.FsyncFailed] comes out.
    ///
    /// @param listener hears what is going on, best effort
    /// @param stop     asked between steps and every few thousand rows; once it says so, the attempt is compensated
    /// and [Handled.Later] returned
    Handled handle(JobRequest request, Delivery delivery, JobListener listener, StopSignal stop);
}
