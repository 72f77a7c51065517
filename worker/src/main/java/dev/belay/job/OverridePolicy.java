package dev.belay.job;

/// What becomes of a job when values are not of the type that the dictionary demands for their column.
public enum OverridePolicy {
    /// The records with such values are rejected.
    REJECT,
    /// The job fails before anything is touched.
    FAIL,
    /// The column takes the narrowest type that holds all its values.
    WIDEN
}
