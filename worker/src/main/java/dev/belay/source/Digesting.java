package dev.belay.source;

import dev.belay.job.Sha256;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The digest of bytes that go by, taken by a thread of its own while they are written and the next are read: of all
/// that a fetch does it takes longest. For one caller.
final class Digesting implements AutoCloseable {
    /// Fewer bytes are done sooner than they are handed over.
    private static final int WORTH_A_THREAD = 64 * 1024;

    private final MessageDigest engine = Sha256.engine();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("belay-digest").factory());
    private Future<?> before = CompletableFuture.completedFuture(null);

    /// Takes the first `count` bytes, which must stay as they are until the next call of any method has returned.
    void add(byte[] bytes, int count) {
        await();
        if (count < WORTH_A_THREAD) {
            engine.update(bytes, 0, count);
        } else {
            before = thread.submit(() -> engine.update(bytes, 0, count));
        }
    }

    /// The digest of all of them.
    Sha256 finish() {
        await();
        return Sha256.finish(engine);
    }

    /// An interrupt is kept for later: the bytes are being read still.
    private void await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    before.get();
                    return;
                } catch (InterruptedException kept) {
                    interrupted = true;
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException("taking a digest failed", impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
