package dev.belay.job;

/// What a job does with the rows that are already published.
public enum Mode {
    /// The file is the whole dataset.
    REPLACE,
    /// The file's rows are added.
    APPEND,
    /// The file's rows replace rows of the same key, others are added.
    UPSERT
}
