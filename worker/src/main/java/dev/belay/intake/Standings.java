package dev.belay.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/// Hands the poll thread's newest [Standing] to the announcer.
final class Standings {
    // Guards the newest standing.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private @Nullable Standing newest;

    /// To be called on the poll thread only, with what the consumer says there and then.
    void publish(ConsumerGroupMetadata membership, Set<Ownership> owned) {
        lock.lock();
        try {
            newest = new Standing(newest == null ? 1 : newest.number() + 1, membership, owned);
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Optional<Standing> newest() {
        lock.lock();
        try {
            return Optional.ofNullable(newest);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is a standing later than `number`, but not for ever.
    void awaitAfter(long number, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (left > 0 && (newest == null || newest.number() <= number)) {
                left = published.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits a moment whatever is published.
    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
