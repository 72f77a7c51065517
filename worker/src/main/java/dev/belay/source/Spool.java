package dev.belay.source;

import dev.belay.disk.StorageFailures;
import dev.belay.fault.FaultPoint;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Sha256;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The workspace file while it is written: counts, digests, reports, and is removed on closing unless it was kept.
///
/// Every trouble in here is the worker's own disk, so it is [Unavailable]; only size and digest are the source's
/// fault.
final class Spool implements AutoCloseable {
    /// The total handed in when the source does not say how long it is.
    static final long UNKNOWN = -1;

    private final Order order;
    private final long maxBytes;
    private final long total;
    private final FileChannel channel;
    private final Digesting digest = new Digesting();
    private long length;
    private boolean kept;

    private Spool(Order order, long maxBytes, long total, FileChannel channel) {
        this.order = order;
        this.maxBytes = maxBytes;
        this.total = total;
        this.channel = channel;
    }

    /// Creates the file; refuses a source that announces to be too large before that.
    ///
    /// @param total bytes announced, or [#UNKNOWN]
    static Spool open(Order order, long maxBytes, long total) throws JobFailure {
        if (total > maxBytes) {
            throw JobFailure.permanent(
                    FailureCode.SOURCE_TOO_LARGE,
                    "%s has %d bytes, limits.sourceBytes is %d".formatted(order.shown(), total, maxBytes));
        }
        try {
            FaultPoint.SOURCE_FETCH.before();
            var channel = FileChannel.open(order.target(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new Spool(order, maxBytes, total, channel);
        } catch (FileAlreadyExistsException ours) {
            throw new IllegalArgumentException(order.target() + " exists already", ours);
        } catch (IOException failed) {
            throw unusable(order.target(), failed);
        }
    }

    /// Appends the first `count` bytes of `buffer`, which must stay as they are until the next call of any method has
    /// returned: their digest is taken meanwhile.
    void write(byte[] buffer, int count) throws JobFailure {
        if (Thread.currentThread().isInterrupted()) {
            throw Failures.stopped(order.shown());
        }
        if (count > maxBytes - length) {
            throw JobFailure.permanent(
                    FailureCode.SOURCE_TOO_LARGE,
                    "%s has more bytes than limits.sourceBytes allows: %d".formatted(order.shown(), maxBytes));
        }
        digest.add(buffer, count);
        try {
            var bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failed) {
            if (Thread.currentThread().isInterrupted()) {
                throw Failures.stopped(order.shown());
            }
            throw unusable(order.target(), failed);
        }
        length += count;
        order.progress().at(length, total);
    }

    /// Bytes written so far.
    long length() {
        return length;
    }

    /// Ends the file; it stays if its digest is the expected one.
    Sha256 keep() throws JobFailure {
        Sha256 found = digest.finish();
        if (order.expected().isPresent() && !order.expected().get().equals(found)) {
            throw JobFailure.permanent(
                    FailureCode.SOURCE_DIGEST_MISMATCH,
                    "%s has %d bytes with SHA-256 %s, the job asks for %s"
                            .formatted(
                                    order.shown(),
                                    length,
                                    found,
                                    order.expected().get()));
        }
        try {
            channel.close();
            FaultPoint.SOURCE_FETCH.after();
        } catch (IOException failed) {
            throw unusable(order.target(), failed);
        }
        kept = true;
        return found;
    }

    @Override
    public void close() {
        digest.close();
        if (kept) {
            return;
        }
        try (channel) {
            Files.deleteIfExists(order.target());
        } catch (IOException failed) {
            throw unusable(order.target(), failed);
        }
    }

    private static Unavailable unusable(Path target, IOException failed) {
        Path folder = target.toAbsolutePath().getParent();
        return new Unavailable(StorageFailures.of(failed, folder == null ? target : folder), failed);
    }
}
