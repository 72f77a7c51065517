package dev.belay.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.IdSource;
import dev.belay.kit.FaultRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An fsync that fails ends the process: what was written before it may be gone, and a second fsync would say that all
/// is well. `strace` lets one fsync of one file fail, all later ones succeed.
final class FsyncFailureTest {
    private static final int IO_ERROR = 74;
    private static final int SEED = 7;
    private static final int JOBS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /// Which fsync fails: below the data folder, the how manieth of a thread.
    enum Spot {
        THE_JOURNAL_WHEN_A_WORKER_SAYS_THAT_IT_LIVES("journal.db-wal", 1),
        THE_JOURNAL_IN_THE_MIDDLE_OF_A_JOB("journal.db-wal", 5),
        THE_CATALOG_WHEN_IT_PUBLISHES("catalog.db-wal", 3),
        THE_STAGED_FILE("staging/lane-0/1-01J00000000000000000000006-c.sqlite.part", 1),
        THE_NAME_OF_THE_STAGED_FILE("staging/lane-0", 1),
        THE_NAME_OF_THE_PUBLISHED_FILE("datasets/lane-0", 1),
        THE_COPY_OF_A_DICTIONARY("stash/lane-0/01J00000000000000000000008.01J00000000000000000000009.partial", 1),
        THE_NAME_OF_THAT_COPY("stash/lane-0", 1);

        private final String file;
        private final int nth;

        Spot(String file, int nth) {
            this.file = file;
            this.nth = nth;
        }
    }

    @BeforeEach
    void needsStrace() throws Exception {
        assumeTrue(
                Tools.has("strace")
                        && new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true")
                                        .start()
                                        .waitFor()
                                == 0,
                "skipped: strace is not installed, or may trace nothing here");
    }

    private static List<String> failing(Path file, int nth) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-P",
                file.toString(),
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO:when=" + nth);
    }

    @ParameterizedTest
    @EnumSource
    @FaultRow({"J8"})
    void endsTheProcessAndTheNextOneStartsClean(Spot spot) throws Exception {
        Path data = folder.toRealPath().resolve("data");
        var acknowledged = new Acknowledged();
        try (var victim = VictimProcess.start(
                failing(data.resolve(spot.file), spot.nth),
                List.of(data.toString(), Integer.toString(SEED), Integer.toString(JOBS), "counted", "-", "0"))) {
            assertThat(victim.exit(PATIENCE))
                    .as("%s: %s", spot, victim.errors())
                    .isEqualTo(IO_ERROR);
            victim.kill(acknowledged);
        }
        try (var world = World.open(data, IdSource.random(InstantSource.system()))) {
            var left = new LeftOnDisk(world.stores(), SEED, acknowledged);
            assertThat(left.losses()).isEmpty();
            world.recover();
            for (int number = 0; number < JOBS; number++) {
                world.run(new ScriptedJob(SEED, 0, number));
            }
            assertThat(left.losses()).isEmpty();
            assertThat(left.leftovers()).isEmpty();
        }
    }

    @Test
    @FaultRow({"J8"})
    void endsAWorkerWithAStatusOfItsOwnAndTheNextOneFinishesTheJob() throws Exception {
        Path data = folder.toRealPath().resolve("data");
        Path outside = java.nio.file.Files.createDirectories(folder.toRealPath().resolve("outside"));
        int port = BelayDev.freePort();
        var job = new ScriptedJob(SEED, 0, 0);
        try (var dev = BelayDev.start(failing(data.resolve("staging/lane-0"), 1), data, port, outside)) {
            assertThat(dev.ready(PATIENCE)).as(dev.said()).isTrue();
            try (var sender = new Sender("127.0.0.1:" + port, outside)) {
                sender.send(job);
            }
            assertThat(dev.exit(PATIENCE)).as(dev.said()).isEqualTo(IO_ERROR);
        }
        try (var dev = BelayDev.start(List.of(), data, port, outside)) {
            assertThat(dev.ready(PATIENCE)).as(dev.said()).isTrue();
            assertThat(ends("127.0.0.1:" + port))
                    .singleElement()
                    .satisfies(end -> assertThat(end.job()).isEqualTo(job.id()));
        }
    }

    @Test
    @FaultRow({"J8"})
    void endsAWorkerThatIsOnlyJustStarting() throws Exception {
        Path data = folder.toRealPath().resolve("data");
        Path outside = java.nio.file.Files.createDirectories(folder.toRealPath().resolve("outside"));
        try (var dev = BelayDev.start(failing(data.resolve("journal.db"), 1), data, BelayDev.freePort(), outside)) {
            assertThat(dev.exit(PATIENCE)).as(dev.said()).isEqualTo(IO_ERROR);
        }
    }

    private static List<Acknowledged.End> ends(String servers) {
        var ends = new ArrayList<Acknowledged.End>();
        try (var listener = new Listener(servers, BelayDev.PARTITIONS)) {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (listener.heard().isEmpty() && System.nanoTime() - until < 0) {
                listener.listen();
            }
            listener.heard().forEach(one -> ends.add(one.end()));
        }
        return ends;
    }
}
