package dev.belay.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// What a worker does again and again. By the first of it others know that it lives: however long the rest takes, a
/// recovery or an answer that does not come, that has a thread of its own.
final class Timers implements AutoCloseable {
    // As many as the stores have connections for beside jobs.
    private static final int OTHERS = 2;

    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("belay-beat").factory());
    private final ScheduledExecutorService others = Executors.newScheduledThreadPool(
            OTHERS, Thread.ofPlatform().daemon().name("belay-timer-", 0).factory());

    /// @param beat never throws
    void beat(Duration pause, Runnable beat) {
        every(beats, pause, beat);
    }

    /// @param task never throws
    void every(Duration pause, Runnable task) {
        every(others, pause, task);
    }

    private static void every(ScheduledExecutorService threads, Duration pause, Runnable task) {
        var _ = threads.scheduleWithFixedDelay(task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Interrupts what is being done.
    @Override
    public void close() {
        beats.shutdownNow();
        others.shutdownNow();
    }
}
