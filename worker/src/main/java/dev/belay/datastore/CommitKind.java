package dev.belay.datastore;

/// Why a commit was made.
public enum CommitKind {
    /// A job's result.
    PUBLISH,
    /// The compensated state after a failed in-place load: the dictionary, zero rows.
    ROLLBACK
}
