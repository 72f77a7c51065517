package dev.belay.journal;

import dev.belay.job.DatasetId;
import java.util.List;

/// What Kafka is told when a hop has ended: the events of all its attempts in order, and what follows for the
/// job.
///
/// @param verdict   [Verdict.Retry], [Verdict.Ask] or [Verdict.Over]
/// @param announced whether it is known to be out
public record Announcement(
        AnnouncementKey key, DatasetId dataset, Verdict verdict, List<OutgoingEvent> events, boolean announced) {
    /// One that is known to be out, although the journal does not hold it (any more).
    public static Announcement out(JobRecord job, int hop) {
        boolean over = hop == job.hop() && job.state().isTerminal();
        Verdict verdict = over
                ? new Verdict.Over(job.state(), job.receiptJson().orElseThrow())
                : new Verdict.Retry(job.acceptedAt());
        return new Announcement(new AnnouncementKey(job.job(), hop), job.dataset(), verdict, List.of(), true);
    }

    /// Copies the events.
    public Announcement {
        events = List.copyOf(events);
    }
}
