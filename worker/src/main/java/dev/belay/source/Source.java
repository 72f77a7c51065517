package dev.belay.source;

import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import java.nio.file.Path;

/// Where the bytes of a job come from. Safe for many threads.
public interface Source {
    /// Fetches the whole of `source` into `target`.
    ///
    /// The file is written in the caller's thread and not fsynced. A failure removes it; a kill half-way leaves it,
    /// for the caller to remove by its name. An interrupt ends the fetch within one read with `WORKER_STOPPED` and
    /// leaves the thread interrupted.
    ///
    /// @param target   a name that does not exist yet, in a folder that does
    /// @param progress hears bytes written so far, and bytes in all where the source announced them. It starts
    /// again from 0 when the fetch is tried again in place
    /// @throws JobFailure  whatever is wrong with the source: Permanent when the input is at fault, Transient when
    /// it may go away, Configuration when a right of this installation is missing
    /// @throws Unavailable when `target` cannot be written: the worker's own disk is at fault, not the job
    Fetched fetch(JobSource.Url source, Path target, Progress progress) throws JobFailure;
}
