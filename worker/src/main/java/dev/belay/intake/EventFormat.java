package dev.belay.intake;

/// How events are laid out in Kafka records (CloudEvents Kafka protocol binding 1.0.2).
public enum EventFormat {
    /// The whole event is the record's value.
    STRUCTURED,
    /// The value is the event's data, the attributes are headers.
    BINARY
}
