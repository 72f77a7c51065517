package dev.belay.powercut;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A file system in an image, of which everything can be taken away that was not fsynced: what a power cut does.
///
/// [#cut] lets the file system write nothing more from one moment to the next (`xfs_io -x -c shutdown`, without
/// flushing its log); mounted again it replays its log, as after a power cut. What the kernel had handed to the image
/// by itself until then is there all the same, as on a disk that keeps what it was given: a cache inside a disk that
/// lies or reorders is not played.
///
/// Needs root, loop devices and a few tools; a test that asks for one is skipped, saying so, where they are missing.
/// Unmounted when it is closed, when the JVM ends, and at the latest by the next one that is made: see [#sweep].
final class PowerCutDisk implements AutoCloseable {
    /// The smallest that xfs takes, rounded up; the image is sparse.
    private static final long BYTES = 512L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "belay-powercut-";
    private static final Path MEMORY = Path.of("/dev/shm");

    /// What can be shut down under a running process.
    enum Kind {
        EXT4,
        XFS
    }

    private final Kind kind;
    private final Path home;
    private final Path image;
    private final Path folder;
    private final Thread hook = new Thread(this::release, "powercut-release");

    private PowerCutDisk(Kind kind, Path home) {
        this.kind = kind;
        this.home = home;
        image = home.resolve("image");
        folder = home.resolve("mounted");
    }

    /// Makes and mounts one.
    static PowerCutDisk mounted(Kind kind) throws IOException {
        sweep();
        String type = kind.name().toLowerCase(Locale.ROOT);
        assumeTrue(
                ran("sh", "-c", "test $(id -u) = 0") && areThere("mkfs." + type, "xfs_io", "mount", "losetup"),
                "skipped: needs root, mkfs." + type + ", xfs_io and mount");
        var disk = new PowerCutDisk(
                kind,
                Files.createTempDirectory(
                        place(), NAME + ProcessHandle.current().pid() + "-"));
        Runtime.getRuntime().addShutdownHook(disk.hook);
        try {
            disk.format();
            assumeTrue(disk.mount(), "skipped: no loop device can be mounted here");
            return disk;
        } catch (IOException | RuntimeException failed) {
            disk.close();
            throw failed;
        }
    }

    /// In memory where there is room: what is cut off is the same, and an fsync does not wait for a real disk.
    private static Path place() throws IOException {
        boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > 4 * BYTES;
        return roomy ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private void format() throws IOException {
        Files.createDirectories(folder);
        try (var file = java.nio.channels.FileChannel.open(
                image, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[1]), BYTES - 1);
        }
        require(
                switch (kind) {
                    case EXT4 -> List.of("mkfs.ext4", "-q", "-F", image.toString());
                    case XFS -> List.of("mkfs.xfs", "-q", "-f", image.toString());
                });
    }

    private boolean mount() {
        return ran("mount", "-o", "loop", image.toString(), folder.toString());
    }

    /// Where it is mounted.
    Path folder() {
        return folder;
    }

    Kind kind() {
        return kind;
    }

    /// The power goes: nothing more reaches the image, whoever is writing. The processes on it still run.
    void cut() throws IOException {
        require(List.of("xfs_io", "-x", "-c", "shutdown", folder.toString()));
    }

    /// The power is back. Every process that used it must have ended.
    void restore() {
        // A process that was killed a moment ago may still be closing its files.
        await("nobody uses " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ran("umount", folder.toString()));
        if (!mount()) {
            throw new AssertionError(image + " cannot be mounted any more");
        }
    }

    @Override
    public void close() {
        release();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook does the same once more, and finds nothing.
        }
    }

    private void release() {
        release(home);
    }

    private static void release(Path home) {
        // The loop device goes with the mount. Lazily, because a test that failed may have left files open.
        ran("umount", "-l", home.resolve("mounted").toString());
        try (Stream<Path> files = Files.walk(home, 2)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException left) {
            // The next sweep tries again.
        }
    }

    /// Releases what JVMs left behind that were killed.
    private static void sweep() throws IOException {
        try (Stream<Path> left = Files.list(place())) {
            left.filter(home -> home.getFileName().toString().startsWith(NAME))
                    .filter(home -> !isAlive(home))
                    .forEach(PowerCutDisk::release);
        }
    }

    private static boolean isAlive(Path home) {
        String pid = home.getFileName().toString().substring(NAME.length()).replaceAll("-.*", "");
        return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    }

    // One by one: some shells look at the first name alone.
    private static boolean areThere(String... programs) {
        return Stream.of(programs).allMatch(program -> ran("sh", "-c", "command -v " + program + " >&2"));
    }

    private static void require(List<String> command) throws IOException {
        if (!ran(command.toArray(String[]::new))) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static boolean ran(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
