package dev.belay.dictionary;

import static dev.belay.dictionary.StashContract.AIR;
import static dev.belay.dictionary.StashContract.FIRST;
import static dev.belay.dictionary.StashContract.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.DictionaryDocument;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fault S1 and S5 on real file systems. Needs the right to mount one in memory; skipped with a line where it is
/// missing.
final class FileStashOnBadDisksTest {
    @TempDir
    private Path disk;

    private boolean mounted;
    private FileStash stash = new FileStash(Path.of("unused"), IdSource.random(InstantSource.system()));

    @BeforeEach
    void mountASmallDisk() throws Exception {
        mounted = ran("mount", "-t", "tmpfs", "-o", "size=64k", "belay-test", disk.toString());
        assumeTrue(mounted, "skipped: mounting a small disk needs root and mount(8)");
        stash = new FileStash(disk.resolve("stash"), IdSource.random(InstantSource.system()));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            ran("umount", "-l", disk.toString());
        }
    }

    @Test
    @FaultRow("S1")
    void saysThatTheDiskIsFullAndLeavesNothingHalfWritten() throws IOException {
        stash.put(StashContract.entry(AIR, FIRST));
        StashEntry small = StashContract.entry(AIR, SECOND);
        var large = new StashEntry(
                AIR,
                small.incarnation(),
                SECOND,
                1,
                small.base(),
                small.createdAt(),
                new DictionaryDocument("x".repeat(200_000)));

        assertFails(() -> stash.put(large), FailureCode.DISK_FULL);

        assertThat(names(disk.resolve("stash/air"))).containsExactly(FIRST + ".json");
        assertThat(stash.read(AIR)).containsExactly(new StashReading.Held(StashContract.entry(AIR, FIRST)));
        stash.put(small);
        assertThat(stash.read(AIR)).hasSize(2);
    }

    @Test
    @FaultRow("S5")
    void saysThatTheDiskIsReadOnlyAtStartAndAtEveryWriteButStillReads() throws Exception {
        stash.put(StashContract.entry(AIR, FIRST));
        stash.put(StashContract.entry(AIR, SECOND));
        Path second = disk.resolve("stash/air/" + SECOND + ".json");
        Files.writeString(second, "damaged");
        assumeTrue(ran("mount", "-o", "remount,ro", disk.toString()), "skipped: cannot remount");

        assertFails(() -> stash.probe(), FailureCode.STORE_READ_ONLY);
        assertFails(() -> stash.put(StashContract.entry(StashContract.WATER, FIRST)), FailureCode.STORE_READ_ONLY);
        assertFails(() -> stash.put(StashContract.entry(AIR, FIRST)), FailureCode.STORE_READ_ONLY);
        List<StashReading> readings = stash.read(AIR);

        assertThat(readings).hasSize(2).contains(new StashReading.Held(StashContract.entry(AIR, FIRST)));
        StashReading.Corrupt corrupt = StashContract.onlyCorrupt(readings);
        assertThat(corrupt.where()).isEqualTo(second.toString());
        assertThat(corrupt.reason()).contains("could not be set aside");
    }

    private static void assertFails(Runnable write, FailureCode code) {
        assertThatThrownBy(write::run).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.failure()).isInstanceOf(Failure.Configuration.class);
            assertThat(unavailable.failure().code()).isEqualTo(code);
            assertThat(unavailable.failure().message()).contains("dictionar");
        });
    }

    private static List<String> names(Path folder) throws IOException {
        try (var found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static boolean ran(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchTool) {
            return false;
        }
    }
}
