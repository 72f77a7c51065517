package dev.belay.runtime.folder;

import dev.belay.disk.StorageFailures;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A worker's stable place in its group, taken for as long as the process lives.
///
/// The place is a lock of the operating system on `workers/<n>.lock`, which is freed however the process ends;
/// the file itself stays. So a restarted worker takes the same place and Kafka knows it again by it.
///
/// A process takes one place, once: POSIX systems drop a process's lock on a file as soon as that process closes
/// any other descriptor of the same file.
public final class WorkerSlot implements AutoCloseable {
    /// How many workers may share a data folder.
    public static final int COUNT = 64;

    /// Beyond the text, because a lock keeps others from reading on some systems.
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final int number;
    private final String prefix;
    private final FileChannel channel;

    private WorkerSlot(int number, String prefix, FileChannel channel) {
        this.number = number;
        this.prefix = prefix;
        this.channel = channel;
    }

    /// Takes the first free place.
    ///
    /// @param workers the folder of the locks, which exists
    /// @throws JobFailure when all are taken, or the folder cannot be written
    public static WorkerSlot takeFirstFree(Path workers) throws JobFailure {
        return takeFirstFree(workers, "");
    }

    /// Takes the first free place of a data folder that shares its group with other data folders, on other hosts.
    ///
    /// @param ids names the folder when it has no name yet; the place's name begins with it
    /// @throws JobFailure when all are taken, or the folder cannot be written
    public static WorkerSlot takeFirstFreeAmongHosts(Path workers, IdSource ids) throws JobFailure {
        return takeFirstFree(workers, new FolderName(workers).get(ids) + "-");
    }

    private static WorkerSlot takeFirstFree(Path workers, String prefix) throws JobFailure {
        for (int number = 0; number < COUNT; number++) {
            var slot = tryTake(workers, number, prefix);
            if (slot != null) {
                return slot;
            }
        }
        throw JobFailure.configuration(
                FailureCode.SETTINGS_INVALID,
                "all %d worker slots in %s are taken: processes %s"
                        .formatted(COUNT, workers, String.join(", ", owners(workers))));
    }

    /// Takes one place.
    ///
    /// @param number 0 to 63
    /// @throws JobFailure naming the process that has it, or when the folder cannot be written
    public static WorkerSlot take(Path workers, int number) throws JobFailure {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("a worker slot is 0 to %d, not %d".formatted(COUNT - 1, number));
        }
        var slot = tryTake(workers, number, "");
        if (slot == null) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID,
                    "worker.slot %d of %s is taken by process %s; stop it, choose another number, or set auto"
                            .formatted(number, workers, owner(workers, number).orElse("(unknown)")));
        }
        return slot;
    }

    /// Takes all places, so that no worker runs meanwhile.
    ///
    /// @throws JobFailure naming a process that has one; none is held then
    public static List<WorkerSlot> takeAll(Path workers) throws JobFailure {
        var slots = new ArrayList<WorkerSlot>();
        for (int number = 0; number < COUNT; number++) {
            var slot = tryTake(workers, number, "");
            if (slot == null) {
                slots.forEach(WorkerSlot::close);
                throw JobFailure.configuration(
                        FailureCode.DATA_FOLDER_IN_USE,
                        "a worker runs on this data folder: process %s holds slot %d of %s"
                                .formatted(owner(workers, number).orElse("(unknown)"), number, workers));
            }
            slots.add(slot);
        }
        return List.copyOf(slots);
    }

    /// The place.
    public int number() {
        return number;
    }

    /// The place as it appears in names.
    public String name() {
        return prefix + number;
    }

    /// Frees the place.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // The operating system frees the lock with the process at the latest.
            return;
        }
    }

    /// The channel stays open with the slot, and is closed in every other case.
    private static @Nullable WorkerSlot tryTake(Path workers, int number, String prefix) throws JobFailure {
        try {
            var channel = FileChannel.open(file(workers, number), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean kept = false;
            try {
                if (!locked(channel)) {
                    return null;
                }
                channel.truncate(0);
                byte[] owner = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
                channel.write(ByteBuffer.wrap(owner));
                kept = true;
                return new WorkerSlot(number, prefix, channel);
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        } catch (IOException failed) {
            throw new JobFailure(StorageFailures.of(failed, workers), failed);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        }
    }

    private static Iterable<String> owners(Path workers) {
        var owners = new ArrayList<String>();
        for (int number = 0; number < COUNT; number++) {
            owner(workers, number).ifPresent(owners::add);
        }
        return owners;
    }

    private static Optional<String> owner(Path workers, int number) {
        try {
            String text = Files.readString(file(workers, number), StandardCharsets.US_ASCII)
                    .strip();
            return text.matches("[0-9]{1,19}") ? Optional.of(text) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Path file(Path workers, int number) {
        return workers.resolve(number + ".lock");
    }
}
