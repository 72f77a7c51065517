package dev.belay.datastore;

/// Whether a dataset is there. Never inferred from a not-found or a time-out: the store's own list says it.
///
/// UNKNOWN → LIVE (first publish) → EMPTIED (delete of an in-place load) → LIVE (publish); LIVE → DROPPED → LIVE (new
/// incarnation).
public enum Presence {
    /// Never published.
    UNKNOWN,
    /// Has a head.
    LIVE,
    /// Its live table was deleted by an in-place load that has not yet published.
    EMPTIED,
    /// Dropped on purpose.
    DROPPED
}
