package dev.belay.source;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The folders that local files may be read from, and those that stay closed. Decides on real paths only, so links and
/// `..` gain nothing; a file outside is refused the same way whether it exists or not.
///
/// @param roots     open folders
/// @param forbidden closed folders, even inside an open one
record Enclosure(List<Path> roots, List<Path> forbidden) {
    Enclosure {
        roots = List.copyOf(roots);
        forbidden = List.copyOf(forbidden);
    }

    /// @return the real path of an existing file inside
    Path admit(Path path, String shown) throws JobFailure {
        Path absolute = path.toAbsolutePath();
        Path real = realAsFarAsItGoes(absolute);
        boolean inside = roots.stream().anyMatch(root -> real.startsWith(realAsFarAsItGoes(root)));
        boolean closed = forbidden.stream().anyMatch(folder -> real.startsWith(realAsFarAsItGoes(folder)));
        if (!inside || closed) {
            throw JobFailure.permanent(FailureCode.SOURCE_FORBIDDEN, forbiddenMessage(shown, closed));
        }
        try {
            return absolute.toRealPath();
        } catch (NoSuchFileException missing) {
            throw Failures.stays(FailureCode.SOURCE_NOT_FOUND, "there is no file " + shown, missing);
        } catch (IOException failed) {
            throw unreadable(shown, failed);
        }
    }

    /// What a failed read of a local file means.
    static JobFailure unreadable(String shown, IOException failed) {
        String reason = failed instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : failed.getClass().getSimpleName();
        String message = "%s cannot be read: %s".formatted(shown, reason);
        return failed instanceof AccessDeniedException
                ? new JobFailure(
                        new Failure.Configuration(
                                FailureCode.SOURCE_UNREADABLE,
                                shown + " cannot be read: the worker's user has no right to",
                                Place.NONE),
                        failed)
                : Failures.mayPass(FailureCode.SOURCE_UNREADABLE, message, failed);
    }

    private String forbiddenMessage(String shown, boolean closed) {
        if (closed) {
            return shown + " is in a folder of the worker itself";
        }
        return roots.isEmpty()
                ? shown + " is a local file, and source.roots names no folder that jobs may read"
                : "%s is not inside one of the %d folders of source.roots".formatted(shown, roots.size());
    }

    /// The real path of the deepest part that exists, followed by the rest, which must not climb.
    private static Path realAsFarAsItGoes(Path path) {
        Path absolute = path.toAbsolutePath();
        try {
            return absolute.toRealPath();
        } catch (IOException notThere) {
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent == null || name == null
                    ? absolute
                    : realAsFarAsItGoes(parent).resolve(name).normalize();
        }
    }
}
