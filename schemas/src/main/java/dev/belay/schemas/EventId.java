package dev.belay.schemas;

import java.util.UUID;

/// Ids of events. They follow from what happened, so whoever announces it, and however often, the id is the same.
public final class EventId {
    private static final UUID NAMESPACE = UUID.fromString("0b1e55ed-1bad-5afe-8bea-dc0ffee0ca5e");

    private EventId() {}

    /// The id of the one event of `type` that an attempt (by operation id) or a job (by job id) can have.
    public static UUID of(String operationIdOrJobId, EventType type) {
        return UuidVersion5.of(NAMESPACE, operationIdOrJobId + "\n" + type.cloudEventType());
    }

    /// The id of one of several events of `type`; `part` tells them apart, such as `fetch/started` or a running number.
    public static UUID of(String operationIdOrJobId, EventType type, String part) {
        return UuidVersion5.of(NAMESPACE, operationIdOrJobId + "\n" + type.cloudEventType() + "\n" + part);
    }
}
