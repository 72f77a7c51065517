package dev.belay.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A file system of its own in memory, for tests of full and read-only disks. Needs root; tests that ask for one are
/// skipped, saying so, where it cannot be had.
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /// @param folder where to mount it, made if missing
    /// @param size   as `mount` understands it
    public static SmallDisk mounted(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        boolean done = ran("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        assumeTrue(done, "skipped: no right to mount a small file system here");
        return new SmallDisk(folder);
    }

    /// Where it is mounted.
    public Path folder() {
        return folder;
    }

    /// Lets nothing be written any more.
    public void makeReadOnly() throws IOException {
        assumeTrue(ran("mount", "-o", "remount,ro", folder.toString()), "skipped: cannot remount read-only");
    }

    /// Uses up what is left.
    ///
    /// @return the file that does
    public Path fill() throws IOException {
        Path filler = folder.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    @Override
    public void close() throws IOException {
        if (!ran("umount", folder.toString())) {
            throw new IOException(folder + " could not be unmounted");
        }
    }

    private static boolean ran(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
