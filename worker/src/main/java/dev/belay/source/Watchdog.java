package dev.belay.source;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends a phase that takes too long by breaking its connection: a socket's own time-out begins anew with every byte,
/// so a server that drips could hold a thread for ever.
final class Watchdog implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean expired;

    private Watchdog() {}

    /// @param abort called once from another thread if `limit` passes before [#close()]; must end the phase
    static Watchdog after(Duration limit, Runnable abort) {
        var watchdog = new Watchdog();
        Thread.startVirtualThread(() -> watchdog.watch(limit, abort));
        return watchdog;
    }

    /// Whether the phase was broken off.
    boolean expired() {
        return expired;
    }

    @Override
    public void close() {
        over.countDown();
    }

    private void watch(Duration limit, Runnable abort) {
        try {
            if (!over.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                expired = true;
                abort.run();
            }
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody interrupts this thread", impossible);
        }
    }
}
