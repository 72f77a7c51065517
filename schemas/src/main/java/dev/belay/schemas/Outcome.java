package dev.belay.schemas;

/// How a job ended. Every job ends in exactly one of these.
public enum Outcome implements WireName {
    /// A new version is published.
    COMPLETED(EventType.JOB_COMPLETED),
    /// There was nothing to do; the reason says why.
    SKIPPED(EventType.JOB_SKIPPED),
    /// Given up and dead-lettered; what was served before is still served.
    FAILED(EventType.JOB_FAILED),
    /// Stopped by a person.
    CANCELLED(EventType.JOB_CANCELLED),
    /// A newer job of the same dataset was published first.
    SUPERSEDED(EventType.JOB_SUPERSEDED);

    private final EventType eventType;

    Outcome(EventType eventType) {
        this.eventType = eventType;
    }

    /// The terminal event that carries this outcome.
    public EventType eventType() {
        return eventType;
    }
}
