package dev.belay.sql;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Whether a pool's connections have been used one at a time for a while. The pool gives each thread the one it had
/// last, so two threads that ask every few seconds would keep two for ever, though one is enough. Safe for many
/// threads.
final class Calm {
    private final Duration enough;
    private final AtomicInteger held = new AtomicInteger();
    private volatile long crowdedAt = System.nanoTime();

    /// @param enough how long a while is
    Calm(Duration enough) {
        this.enough = enough;
    }

    void taken() {
        if (held.incrementAndGet() > 1) {
            crowdedAt = System.nanoTime();
        }
    }

    void givenBack() {
        held.decrementAndGet();
    }

    boolean lasts() {
        return System.nanoTime() - crowdedAt > enough.toNanos();
    }
}
