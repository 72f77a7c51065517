package dev.belay.journal;

/// Whether a new attempt may begin.
public sealed interface ClaimResult {
    /// It may.
    ///
    /// @param number which attempt of the job it is, from 1
    record Claimed(Claim claim, int number) implements ClaimResult {}

    /// All attempts of the job were used up (by crashes); claimed only in order to end the job. Not counted.
    record Exhausted(Claim claim) implements ClaimResult {}

    /// An attempt on the dataset is open that this worker may resolve: the same job's, an earlier life's of the
    /// same slot, one of this worker's own, or one whose owner is dead. Seize it first.
    record Open(Attempt attempt) implements ClaimResult {}

    /// An attempt of another job is open on the dataset and its owner lives: come back later.
    record Busy(Attempt attempt) implements ClaimResult {}

    /// The dataset is set aside until someone decides.
    record SetAside(Quarantine quarantine) implements ClaimResult {}
}
