package dev.belay.job;

/// How a new version takes the place of the old one.
public enum PublishStrategy {
    /// Build beside, then move the head: readers see the old version until the new one is whole.
    SWAP,
    /// Delete the live table first, then load: for stores with no room for two copies.
    IN_PLACE
}
