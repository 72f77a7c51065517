package dev.belay.dedupe;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Memory that all searches of a worker share: what one holds another has to wait for, so that many at once hold no
/// more than one may. Whoever waits for much is not overtaken by those that want little. Safe for many threads.
final class SharedMemory {
    private static final long PERMIT_BYTES = 1024;
    private static final long LOOK_MILLIS = 200;

    private final Semaphore free;
    // Held by the one that is next.
    private final Semaphore turnstile = new Semaphore(1, true);
    private final int all;

    /// @param bytes in all
    SharedMemory(long bytes) {
        all = permits(bytes);
        free = new Semaphore(all);
    }

    /// A share of it, given back when it is closed.
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /// Takes a share, as soon as there is one.
    ///
    /// @param bytes as much as there is in all, if it is more
    /// @param pulse felt while it waits
    /// @throws IOException of the pulse
    Share take(long bytes, Pulse pulse) throws IOException {
        int wanted = Math.min(all, permits(bytes));
        await(turnstile, 1, pulse);
        try {
            await(free, wanted, pulse);
        } finally {
            turnstile.release();
        }
        return () -> free.release(wanted);
    }

    /// Interrupts are kept for later.
    private static void await(Semaphore from, int permits, Pulse pulse) throws IOException {
        boolean interrupted = false;
        try {
            boolean taken = from.tryAcquire(permits);
            while (!taken) {
                pulse.beat();
                try {
                    taken = from.tryAcquire(permits, LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException kept) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int permits(long bytes) {
        return Math.toIntExact(Math.max(1, Math.min(Integer.MAX_VALUE, bytes / PERMIT_BYTES)));
    }
}
