package dev.belay.disk;

import dev.belay.job.FsyncFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Has a long file written to the disk while it still grows, so that [DurableFiles#fsync] in the end has little
/// left to do. It promises nothing but that: the file is no more durable than without it.
///
/// What the system says when it could not is not lost: it would tell that only once, and not to the fsync in the
/// end. Safe for many threads.
public final class WriteBack implements AutoCloseable {
    // Measured for 587 MB on a virtual disk: the last fsync takes 0.01 s instead of 0.22 s with steps of 16 and
    // of 32 MiB alike, and writing is not slower.
    private static final long STEP = 32L << 20;

    private final FileChannel file;
    private final String name;
    private long since;
    private @Nullable CompletableFuture<Void> running;

    /// @param file the caller's, closed by it after this
    /// @param name what it is called in failures
    public WriteBack(FileChannel file, String name) {
        this.file = file;
        this.name = name;
    }

    /// Says that so many bytes more were written.
    ///
    /// @throws FsyncFailed when earlier ones could not be made durable
    public synchronized void wrote(long bytes) {
        since += bytes;
        if (since >= STEP && (running == null || running.isDone())) {
            end();
            since = 0;
            running = CompletableFuture.runAsync(
                    this::force,
                    task -> Thread.ofPlatform().daemon().name("write-back").start(task));
        }
    }

    /// Returns when nothing of it runs any more.
    ///
    /// @throws FsyncFailed when something written could not be made durable
    public synchronized void end() {
        if (running != null) {
            try {
                running.join();
            } catch (CompletionException failed) {
                throw new FsyncFailed(name, failed.getCause() == null ? failed : failed.getCause());
            }
        }
    }

    private void force() {
        try {
            file.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// As [#end()].
    @Override
    public void close() {
        end();
    }
}
