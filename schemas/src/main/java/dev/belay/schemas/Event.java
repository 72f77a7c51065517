package dev.belay.schemas;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A CloudEvent 1.0 about a job, a dataset or a dictionary.
///
/// @param id from [EventId], so that the same event has the same id whoever announces it
/// @param source the CloudEvents `source`, a URI reference that names the installation
/// @param subject the job id; null for events that no job caused
/// @param time when it happened
public record Event(UUID id, String source, @Nullable String subject, Instant time, EventData data) {
    /// The type of the data.
    public EventType type() {
        return data.type();
    }
}
