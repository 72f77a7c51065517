package dev.belay.runtime.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// A file of the data folder that a worker writes again and again while it takes jobs or could:
/// `workers/<slot>.alive`. For whoever starts and restarts processes; nothing of Belay decides by it.
///
/// Killed half-way, the file stays as it was, and grows old.
public final class SignOfLife {
    private static final String SUFFIX = ".alive";

    private final Path file;

    /// @param workers the folder of the slots, which exists
    public SignOfLife(Path workers, String slot) {
        file = workers.resolve(slot + SUFFIX);
    }

    /// @throws IOException when the folder cannot be written
    public void give(Instant now) throws IOException {
        Files.writeString(file, now + "\n");
    }

    /// Takes it back, in an orderly stop.
    public void withdraw() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            // It grows old by itself.
        }
    }

    /// When it was given last; empty when it was not, or cannot be looked at.
    public Optional<Instant> last() {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /// When the last of all workers of a data folder has given one; empty when none has.
    ///
    /// @throws IOException when the folder cannot be read
    public static Optional<Instant> last(Path workers) throws IOException {
        try (Stream<Path> files = Files.list(workers)) {
            Optional<Instant> last = Optional.empty();
            for (Path sign :
                    files.filter(one -> one.toString().endsWith(SUFFIX)).toList()) {
                Instant given = Files.getLastModifiedTime(sign).toInstant();
                if (last.isEmpty() || given.isAfter(last.get())) {
                    last = Optional.of(given);
                }
            }
            return last;
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
