package dev.belay.journal;

import dev.belay.job.DatasetId;
import java.util.List;

/// What Kafka is told when a hop has ended: the events of all its attempts in order, and what follows for the job.
///
/// @param verdict   [Verdict.Retry] or [Verdict.Over]
/// @param announced whether it is known to be out
public record Announcement(
        AnnouncementKey key, DatasetId dataset, Verdict verdict, List<OutgoingEvent> events, boolean announced) {
    /// Copies the events.
    public Announcement {
        events = List.copyOf(events);
    }
}
