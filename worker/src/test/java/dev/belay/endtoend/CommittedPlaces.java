package dev.belay.endtoend;

import static org.awaitility.Awaitility.await;

import dev.belay.drill.Site;
import dev.belay.intake.Backlog;
import java.time.Duration;

/// How far the group has come in the topics it takes jobs from.
record CommittedPlaces(Backlog backlog) {
    /// Waits until no message is left that is not committed.
    void awaitNothingLeft() {
        await("every message is committed")
                .atMost(Site.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> backlog.left().isEmpty());
    }
}
