package dev.belay.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
        return mounted(folder, size, 0);
    }

    /// @param files how many files and folders it may hold; 0: as many as there is room for
    public static SmallDisk mounted(Path folder, String size, int files) throws IOException {
        Files.createDirectories(folder);
        String options = "size=" + size + (files == 0 ? "" : ",nr_inodes=" + files);
        boolean done = ran("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
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

    /// Lets everything be written again.
    public void makeWritable() throws IOException {
        assumeTrue(ran("mount", "-o", "remount,rw", folder.toString()), "skipped: cannot remount");
    }

    /// Forbids to make, rename or remove anything in these folders, root included; what is open stays open.
    public static void freeze(List<Path> folders) {
        assumeTrue(ran(chattr("+i", folders)), "skipped: chattr cannot make a folder immutable here");
    }

    /// Takes back [#freeze].
    public static void thaw(List<Path> folders) {
        assumeTrue(ran(chattr("-i", folders)), "skipped: chattr cannot make a folder mutable here");
    }

    private static String[] chattr(String change, List<Path> folders) {
        return Stream.concat(Stream.of("chattr", change), folders.stream().map(Path::toString))
                .toArray(String[]::new);
    }

    /// Uses up what is left but for some KiB.
    public void fillBut(int kib) throws IOException {
        Path filler = fill();
        try (var file = FileChannel.open(filler, StandardOpenOption.WRITE)) {
            file.truncate(Math.max(0, Files.size(filler) - kib * 1024L));
        }
    }

    /// Makes empty files until only some more can be made.
    public void fillFilesBut(int left) throws IOException {
        Path home = Files.createDirectories(folder.resolve("fillers"));
        var made = new ArrayDeque<Path>();
        try {
            while (true) {
                made.push(Files.createFile(home.resolve(Integer.toString(made.size()))));
            }
        } catch (IOException full) {
            for (int at = 0; at < left; at++) {
                Files.delete(made.pop());
            }
        }
    }

    /// Takes back what was used up.
    public void free() throws IOException {
        Files.deleteIfExists(folder.resolve("filler"));
        DurableFiles.remove(folder.resolve("fillers"));
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
