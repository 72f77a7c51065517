package dev.belay.runtime;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Says in the journal that a worker lives, and remembers how that went. For one thread; asked by any.
final class JournalBeat {
    private final Consumer<Instant> journal;
    private final InstantSource clock;
    private volatile Optional<Instant> last = Optional.empty();
    private volatile boolean away;

    /// @param journal is told when this worker lives
    JournalBeat(Consumer<Instant> journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /// @throws dev.belay.job.Unavailable when the journal cannot be used
    void give() {
        Instant now = clock.instant();
        boolean given = false;
        try {
            journal.accept(now);
            given = true;
            last = Optional.of(now);
        } finally {
            away = !given;
        }
    }

    /// When the journal took one last; empty before the first.
    Optional<Instant> last() {
        return last;
    }

    /// Whether the last one was not taken.
    boolean isAway() {
        return away;
    }
}
