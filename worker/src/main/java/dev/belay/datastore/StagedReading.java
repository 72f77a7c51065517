package dev.belay.datastore;

/// What stands under the name of a plan.
public sealed interface StagedReading {
    /// Nothing.
    record Absent() implements StagedReading {}

    /// A whole staged table made by this plan's operation for this plan's commit.
    ///
    /// @param manifest as it was written with the rows
    record Whole(Staged manifest) implements StagedReading {}

    /// Something of ours that was not finished.
    record Partial() implements StagedReading {}

    /// Something that is not what its name says: never adopted, never dropped.
    ///
    /// @param reason what differs
    record Foreign(String reason) implements StagedReading {}
}
