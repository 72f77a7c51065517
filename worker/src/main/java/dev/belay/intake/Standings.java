package dev.belay.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/// Hands the poll thread's newest [Standing] to the announcer.
final class Standings {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Pace pace;
    private volatile @Nullable Standing newest;

    Standings(Pace pace) {
        this.pace = pace;
    }

    /// To be called on the poll thread only, with what the consumer says there and then. What it said before is no new
    /// standing: who was fenced under it would be fenced again.
    void publish(ConsumerGroupMetadata membership, Set<Ownership> owned) {
        var before = newest;
        if (before != null
                && before.membership().equals(membership)
                && before.owned().equals(owned)) {
            return;
        }
        newest = new Standing(before == null ? 1 : before.number() + 1, membership, owned);
    }

    Optional<Standing> newest() {
        return Optional.ofNullable(newest);
    }

    /// Waits until there is a standing later than `number`, but not for ever.
    void awaitAfter(long number, Duration patience) throws InterruptedException {
        long end = pace.nanoTime() + patience.toNanos();
        while (pace.nanoTime() - end < 0
                && newest().filter(one -> one.number() > number).isEmpty()) {
            pace.pause(BETWEEN_LOOKS);
        }
    }

    Pace pace() {
        return pace;
    }
}
