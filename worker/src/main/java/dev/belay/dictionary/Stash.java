package dev.belay.dictionary;

import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.util.List;

/// Durable, checksummed copies of live dictionaries, taken before anything could destroy them.
///
/// A copy belongs to one attempt and carries its operation id, so clearing one never touches another. Safe for many
/// threads and processes.
public interface Stash {
    /// Makes a copy durable. Done again for the same operation it replaces its own copy. Killed half-way there is no
    /// copy.
    ///
    /// @throws dev.belay.job.Unavailable `STASH_WRITE_FAILED` when it could not; nothing half-written is left
    void put(StashEntry entry);

    /// All copies of a dataset, newest first. Complete, absent or corrupt: corrupt is not absent.
    List<StashReading> read(DatasetId dataset);

    /// All copies, by dataset, newest first.
    List<StashReading> list();

    /// Removes the operation's copy of the dataset.
    ///
    /// @return whether there was one
    boolean clear(DatasetId dataset, OperationId operation);
}
