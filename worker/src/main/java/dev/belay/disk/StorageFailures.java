package dev.belay.disk;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;

/// Tells from a failed file operation what is wrong with the installation.
public final class StorageFailures {
    private StorageFailures() {}

    /// Names what stopped a write below `folder`.
    ///
    /// The JDK gives no error number, so a full disk is told from the space that is left, and by the system's own
    /// text only where space cannot be asked for (a quota).
    public static Failure of(IOException failed, Path folder) {
        String text = String.valueOf(failed.getMessage());
        if (failed instanceof AccessDeniedException || readOnly(failed)) {
            return new Failure.Configuration(
                    FailureCode.STORE_READ_ONLY, "%s cannot be written: %s".formatted(folder, text), Place.NONE);
        }
        if (text.contains("No space left") || text.contains("Disk quota") || noRoom(folder)) {
            return new Failure.Configuration(
                    FailureCode.DISK_FULL, "no room is left on the disk of %s".formatted(folder), Place.NONE);
        }
        return new Failure.Transient(
                FailureCode.STORE_UNAVAILABLE, "%s cannot be used: %s".formatted(folder, text), Place.NONE);
    }

    // A folder that is immutable is refused to root too, with a code that the JDK keeps to itself.
    private static boolean readOnly(@Nullable Throwable failed) {
        String reason = failed instanceof FileSystemException named ? String.valueOf(named.getReason()) : "";
        return reason.contains("Read-only file system") || reason.contains("Operation not permitted");
    }

    private static boolean noRoom(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() < 4096;
        } catch (IOException | ReadOnlyFileSystemException unknown) {
            return false;
        }
    }
}
