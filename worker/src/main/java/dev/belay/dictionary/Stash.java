package dev.belay.dictionary;

import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.util.List;

/// Durable, checksummed copies of live dictionaries, taken before anything could destroy them.
///
/// A copy belongs to one attempt and carries its operation id, so clearing one never touches another. Safe for many
/// threads and processes.
public interface Stash {
    /// Makes a copy durable. Done again for the same operation it replaces its own copy. Killed half-way there is
    /// no copy, or the one from before.
    ///
    /// @throws dev.belay.job.Unavailable when it could not: `DISK_FULL` or `STORE_READ_ONLY` where that is known,
    /// else `STASH_WRITE_FAILED`; nothing half-written is left
    void put(StashEntry entry);

    /// All copies of a dataset, newest first. Complete, absent or corrupt: corrupt is not absent, and stays corrupt
    /// in every later reading until it is resolved.
    List<StashReading> read(DatasetId dataset);

    /// All copies, by dataset, newest first.
    List<StashReading> list();

    /// Removes the operation's copy of the dataset, and what a kill half-way through writing it left. What was set
    /// aside as corrupt stays.
    ///
    /// @return whether there was one
    boolean clear(DatasetId dataset, OperationId operation);

    /// Somebody has looked at a corrupt copy and decided to go on without it: it is not read any more. Its bytes
    /// stay where they are, under another name.
    ///
    /// @return whether it was there
    boolean resolve(StashReading.Corrupt corrupt);
}
