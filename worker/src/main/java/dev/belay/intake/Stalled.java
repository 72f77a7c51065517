package dev.belay.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages whose end cannot be written because of how topics are set up. Their partitions take nothing more, others go
/// on; every few seconds it is tried again. Used by the announcer's thread; the count may be read by others.
final class Stalled {
    private static final Logger LOG = LoggerFactory.getLogger(Stalled.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Pace pace;
    private final List<Finished> waiting = new ArrayList<>();
    private volatile int count;
    private long tryAgainAt;

    Stalled(Pace pace) {
        this.pace = pace;
    }

    void add(Finished finished, String reason) {
        if (finished.ownership().stalled().isEmpty()) {
            LOG.error(
                    "{} stands still: {}. Nothing is lost; it goes on by itself",
                    finished.ownership().partition(),
                    reason);
        }
        finished.ownership().stall(reason);
        waiting.add(finished);
        count = waiting.size();
        tryAgainAt = pace.nanoTime() + BETWEEN_TRIES.toNanos();
    }

    boolean isDue() {
        return !waiting.isEmpty() && pace.nanoTime() >= tryAgainAt;
    }

    List<Finished> takeAll() {
        var all = List.copyOf(waiting);
        waiting.clear();
        count = 0;
        return all;
    }

    /// A message of this partition is through: if no other waits, the partition goes on.
    void release(Ownership ownership) {
        boolean another = waiting.stream().anyMatch(finished -> finished.ownership() == ownership);
        if (!another && ownership.stalled().isPresent()) {
            ownership.stall(null);
            LOG.info("{} goes on", ownership.partition());
        }
    }

    int size() {
        return count;
    }
}
