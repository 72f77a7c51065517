package dev.belay.schemas;

/// What a job does with the rows that are already in the dataset.
public enum Mode implements WireName {
    /// The new version holds the rows of this source only.
    REPLACE,
    /// The new version holds the old rows and then those of this source.
    APPEND,
    /// Rows with a known key are replaced, the others are added.
    UPSERT
}
