package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Copies a local file.
///
/// The JDK cannot ask an open channel for its path, so the real path is taken first, opened without following links,
/// and taken again: a file swapped in between shows by its key. Whether it is a regular file is asked before opening,
/// because opening a pipe waits for its writer.
final class FileSource {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Enclosure enclosure;
    private final long maxBytes;

    FileSource(Enclosure enclosure, long maxBytes) {
        this.enclosure = enclosure;
        this.maxBytes = maxBytes;
    }

    Fetched fetch(Path path, Order order) throws JobFailure {
        Path real = enclosure.admit(path, order.shown());
        try {
            return copied(path, real, order);
        } catch (NoSuchFileException gone) {
            throw changed(order, "it was removed");
        } catch (IOException failed) {
            if (Thread.currentThread().isInterrupted()) {
                throw Failures.stopped(order.shown());
            }
            throw Enclosure.unreadable(order.shown(), failed);
        }
    }

    private Fetched copied(Path path, Path real, Order order) throws IOException, JobFailure {
        BasicFileAttributes before = attributes(real);
        if (!before.isRegularFile()) {
            throw JobFailure.permanent(
                    FailureCode.SOURCE_NOT_REGULAR,
                    "%s is %s, not a regular file".formatted(order.shown(), nature(before)));
        }
        try (var channel = FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (!enclosure.admit(path, order.shown()).equals(real)) {
                throw changed(order, "its name led elsewhere when it was opened");
            }
            compare(order, before, attributes(real));
            try (Spool spool = Spool.open(order, maxBytes, before.size())) {
                byte[] buffer = new byte[BUFFER_BYTES];
                byte[] other = new byte[BUFFER_BYTES];
                for (int count = read(channel, buffer); count >= 0; count = read(channel, buffer)) {
                    if (spool.length() + count > before.size()) {
                        // At once, or a writer as fast as this reader would be followed up to the limit.
                        throw changed(order, "it grew beyond its %d bytes".formatted(before.size()));
                    }
                    spool.write(buffer, count);
                    byte[] written = buffer;
                    buffer = other;
                    other = written;
                }
                compare(order, before, attributes(real));
                if (spool.length() != before.size()) {
                    throw changed(order, "%d bytes were read of %d".formatted(spool.length(), before.size()));
                }
                Sha256 digest = spool.keep();
                return new Fetched(
                        before.size(), digest, Optional.empty(), Optional.empty(), fileName(path), List.of());
            }
        }
    }

    private static int read(FileChannel channel, byte[] buffer) throws IOException {
        return channel.read(ByteBuffer.wrap(buffer));
    }

    private static BasicFileAttributes attributes(Path real) throws IOException {
        return Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String nature(BasicFileAttributes attributes) {
        return attributes.isDirectory() ? "a folder" : "a device, pipe or socket";
    }

    private static void compare(Order order, BasicFileAttributes before, BasicFileAttributes now) throws JobFailure {
        if (!Objects.equals(before.fileKey(), now.fileKey())) {
            throw changed(order, "another file took its place");
        }
        if (before.size() != now.size()) {
            throw changed(order, "its size went from %d to %d bytes".formatted(before.size(), now.size()));
        }
        if (!before.lastModifiedTime().equals(now.lastModifiedTime())) {
            throw changed(order, "it was written to");
        }
    }

    private static JobFailure changed(Order order, String how) {
        return JobFailure.transientFailure(
                FailureCode.SOURCE_CHANGED, "%s changed while it was being read: %s".formatted(order.shown(), how));
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
