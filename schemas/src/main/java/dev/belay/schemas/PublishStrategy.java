package dev.belay.schemas;

/// How a new version becomes the one that is served.
public enum PublishStrategy implements WireName {
    /// Built beside the served version, then moved in front of it in one step.
    SWAP,
    /// The served version is removed first; for stores with no room for two copies.
    IN_PLACE
}
