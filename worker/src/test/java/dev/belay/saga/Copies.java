package dev.belay.saga;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Places for many short-lived installations: in memory where the system has such a folder, because what a kill
/// leaves does not depend on the disk. Gone when it is closed.
final class Copies implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path root;
    private int made;

    Copies() throws IOException {
        root = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "belay-sweep-")
                : Files.createTempDirectory("belay-sweep-");
    }

    /// A name nobody has used yet.
    Path next() {
        return root.resolve(Integer.toString(made++));
    }

    /// Forgets an installation, without passing any point.
    void remove(OnDisk disk) {
        remove(disk.folder.root());
    }

    @Override
    public void close() {
        remove(root);
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException neverMade) {
            // Nothing to forget.
        } catch (IOException failed) {
            throw new UncheckedIOException("a copy cannot be removed", failed);
        }
    }
}
