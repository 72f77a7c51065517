package dev.belay.dictionary;

import dev.belay.job.DatasetId;

/// What was found of a copy.
public sealed interface StashReading {
    /// Whole, digest checked.
    record Held(StashEntry entry) implements StashReading {}

    /// There is something, but it is not what its digest says. It was moved aside, every byte kept.
    ///
    /// @param dataset whose it is, by its place
    /// @param where   where it is kept now
    /// @param reason  what does not match
    record Corrupt(DatasetId dataset, String where, String reason) implements StashReading {}
}
