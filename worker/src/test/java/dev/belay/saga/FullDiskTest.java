package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Presence;
import dev.belay.disk.SmallDisk;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A disk that runs full, or folders that stop taking anything, in the middle of a load over the real stores, wherever
/// that is. Room or rights given back, everything goes on by itself: no job lost, no attempt counted, no word of the
/// dictionary gone.
@FaultRow({"N1", "J1", "S1", "D0", "D1", "L3"})
final class FullDiskTest {
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final String DUPLICATES = SECOND + "007,7\n".repeat(2_000);
    private static final String REPEATED = "code,n\n007,1\n007,2\n";

    private static final JobMessage.Rules BY_KEY = JobMessage.Rules.DEFAULT.withDedupe(
            new JobMessage.Rules.Dedupe(JobMessage.Rules.Dedupe.By.KEY, List.of(), JobMessage.Rules.Dedupe.Keep.FIRST));

    private static final int PAGE_KIB = 4;
    private static final long SEED = Long.getLong("belay.sweep.seed", System.nanoTime());
    private static final boolean ALL_ROOM = "all".equals(System.getProperty("belay.sweep.room"));

    @TempDir
    private Path scratch;

    enum Scenario {
        SUCCEEDS_BY_SWAP(SECOND, PublishStrategy.SWAP, false),
        SUCCEEDS_IN_PLACE(SECOND, PublishStrategy.IN_PLACE, false),
        LEAVES_OUT_DUPLICATES(DUPLICATES, PublishStrategy.SWAP, false),
        FAILS_BY_SWAP(REPEATED, PublishStrategy.SWAP, true),
        FAILS_IN_PLACE(REPEATED, PublishStrategy.IN_PLACE, true);

        final String file;
        final PublishStrategy strategy;
        final boolean fails;

        Scenario(String file, PublishStrategy strategy, boolean fails) {
            this.file = file;
            this.strategy = strategy;
            this.fails = fails;
        }
    }

    /// Something that keeps the stores from writing, and its end.
    private interface Trouble {
        void begins() throws Exception;

        void ends() throws Exception;
    }

    /// The room ends after every 4 KiB, or all of them in one scenario and every third in the others, from a first one
    /// that a seed chooses (`-Dbelay.sweep.seed=N`, `-Dbelay.sweep.room=all`).
    @ParameterizedTest
    @EnumSource
    void goesOnByItselfWhereverTheRoomEnds(Scenario scenario) throws Exception {
        int waited = 0;
        int step = ALL_ROOM || scenario == Scenario.SUCCEEDS_IN_PLACE ? 1 : 3;
        int free = PAGE_KIB * Math.floorMod(SEED, step);
        boolean stopped = true;
        // Until the job passes three times in a row: pages are rounded up here and there.
        for (int passed = 0; passed < 3; free += step * PAGE_KIB) {
            int left = free;
            stopped = survives(scenario, "2m", 0, FailureCode.DISK_FULL, disk -> new Trouble() {
                @Override
                public void begins() throws Exception {
                    disk.fillBut(left);
                }

                @Override
                public void ends() throws Exception {
                    disk.free();
                }
            });
            passed = stopped ? 0 : passed + 1;
            waited += stopped ? 1 : 0;
        }
        System.out.printf(
                "%s: waited for room %d times, needs less than %d KiB; seed=%d%n", scenario, waited, free, SEED);
        assertThat(waited).isGreaterThan(10 / step);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnByItselfWhereverNoMoreFilesCanBeMade(Scenario scenario) throws Exception {
        int waited = 0;
        for (int left = 0; left < 12; left++) {
            int files = left;
            boolean stopped = survives(scenario, "2m", 60, FailureCode.DISK_FULL, disk -> new Trouble() {
                @Override
                public void begins() throws Exception {
                    disk.fillFilesBut(files);
                }

                @Override
                public void ends() throws Exception {
                    disk.free();
                }
            });
            waited += stopped ? 1 : 0;
        }
        System.out.printf("%s: waited %d times until a file could be made%n", scenario, waited);
        assertThat(waited).isBetween(1, 11);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDS_BY_SWAP", "FAILS_IN_PLACE"})
    void goesOnByItselfWhereverFoldersStopTakingAnything(Scenario scenario) throws Exception {
        int waited = 0;
        int points = 0;
        for (boolean reached = true; reached; points++) {
            try (SmallDisk disk = SmallDisk.mounted(scratch.resolve("disk"), "2m");
                    var rig = new DataFolderRig(disk.folder().resolve("data"))) {
                prepare(rig, scenario);
                var frozen = new ArrayList<Path>();
                var point = CrashPoints.acting(points, name -> frozen.addAll(freeze(rig.folder)));
                Saga worker = rig.worker(point);
                var met = new ArrayList<Failure>();
                boolean stopped = wait(rig, worker, met, "cannot be written");
                if (stopped) {
                    assertStillThere(rig, scenario);
                    waited++;
                }
                reached = !frozen.isEmpty();
                if (reached) {
                    SmallDisk.thaw(frozen);
                }
                rig.drain(worker);
                worker.sweep();
                assertWhole(rig, scenario);
            }
        }
        System.out.printf("%s: folders frozen at %d points, the job waited at %d%n", scenario, points - 1, waited);
        assertThat(waited).isPositive();
    }

    /// Root included, nobody may make, rename or remove anything any more; files that are open stay open.
    private static List<Path> freeze(Path data) {
        try (var all = Files.walk(data)) {
            List<Path> folders = all.filter(Files::isDirectory).toList();
            SmallDisk.freeze(folders);
            return folders;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void refusesAReadOnlyDiskAtStartAndStartsWhenItCanBeWritten() throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(scratch.resolve("disk"), "2m");
                var rig = new DataFolderRig(disk.folder().resolve("data"))) {
            prepare(rig, Scenario.SUCCEEDS_BY_SWAP);
            rig.stop();
            disk.makeReadOnly();

            var failed = catchThrowableOfType(Unavailable.class, rig::rooms);

            assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_READ_ONLY);
            assertThat(failed.failure()).isInstanceOf(Failure.Configuration.class);
            disk.makeWritable();
            rig.drain(rig.worker(CrashPoints.none()));
            assertWhole(rig, Scenario.SUCCEEDS_BY_SWAP);
        }
    }

    /// Makes the trouble of one disk.
    private interface Maker {
        Trouble on(SmallDisk disk);
    }

    /// @return whether the job had to wait
    private boolean survives(Scenario scenario, String size, int files, FailureCode code, Maker maker)
            throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(scratch.resolve("disk"), size, files);
                var rig = new DataFolderRig(disk.folder().resolve("data"))) {
            prepare(rig, scenario);
            Trouble trouble = maker.on(disk);
            var met = new ArrayList<Failure>();
            Saga worker = rig.worker(CrashPoints.none());
            trouble.begins();
            boolean waited = wait(rig, worker, met, "no room is left");
            if (waited) {
                assertStillThere(rig, scenario);
                assertThat(met).extracting(Failure::code).containsOnly(code);
                assertThat(met).allMatch(Failure.Configuration.class::isInstance);
            }
            trouble.ends();
            rig.drain(worker);
            worker.sweep();
            assertWhole(rig, scenario);
            return waited;
        }
    }

    /// Delivers the job until it ends or has to wait twice.
    private static boolean wait(DataFolderRig rig, Saga worker, List<Failure> met, String words) {
        for (int times = 0; times < 2; times++) {
            while (!rig.log.waiting.isEmpty()) {
                if (deliver(rig, worker, met, words)) {
                    break;
                }
            }
        }
        return !met.isEmpty();
    }

    private static boolean deliver(DataFolderRig rig, Saga worker, List<Failure> met, String words) {
        try {
            Handled handled = rig.log.deliver(worker, rig.rooms().journal(), StopSignal.NEVER);
            if (handled instanceof Handled.Later later) {
                assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE);
                assertThat(later.reason()).contains(words);
                met.add(new Failure.Configuration(FailureCode.DISK_FULL, later.reason(), dev.belay.job.Place.NONE));
                return true;
            }
            return false;
        } catch (Unavailable notNoted) {
            // The announcement is out, the journal's note of it is not.
            met.add(notNoted.failure());
            return true;
        }
    }

    private static void prepare(DataFolderRig rig, Scenario scenario) throws Exception {
        rig.load("first", "d", FIRST);
        rig.curate("Station code");
        rig.log.events.clear();
        rig.source.with("second.csv", scenario.file.getBytes(StandardCharsets.UTF_8));
        rig.log.send(
                "second",
                JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                        .withMode(Mode.REPLACE, List.of("code"))
                        .withRetry(new Retry(1, Retry.On.TRANSIENT))
                        .withRules(scenario == Scenario.LEAVES_OUT_DUPLICATES ? BY_KEY : JobMessage.Rules.DEFAULT)
                        .withPublish(scenario.strategy));
    }

    /// While there is no room: the old version is served, or (in place) the dictionary is in the stash, or the job has
    /// ended.
    private static void assertStillThere(DataFolderRig rig, Scenario scenario) throws Exception {
        DatasetState now = rig.rooms().datastore().state(DATASET);
        if (now.presence() == Presence.EMPTIED) {
            assertThat(scenario.strategy).isEqualTo(PublishStrategy.IN_PLACE);
            assertThat(rig.rooms().stash().read(DATASET)).hasSize(1);
            return;
        }
        assertThat(now.presence()).isEqualTo(Presence.LIVE);
        assertThat(rig.curated()).isEqualTo("Station code");
        assertThat(rig.rooms().datastore().isIntact(now.head().orElseThrow())).isTrue();
    }

    private static void assertWhole(DataFolderRig rig, Scenario scenario) throws Exception {
        Rig.Rooms rooms = rig.rooms();
        Commit head = rooms.datastore().state(DATASET).head().orElseThrow();
        assertThat(rig.log.terminalTypes()).containsExactly(scenario.fails ? "job.failed" : "job.completed");
        if (scenario.fails) {
            assertThat(rig.log.failure()).isEqualTo("KEY_NOT_UNIQUE");
        }
        assertThat(rig.log.receipt().attempts()).as("waiting costs no attempt").isEqualTo(1);
        int left = scenario.strategy == PublishStrategy.IN_PLACE ? 0 : 2;
        assertThat(rooms.datastore().preview(head, 10)).hasSize(scenario.fails ? left : 3);
        assertThat(rooms.datastore().isIntact(head)).isTrue();
        assertThat(rig.curated()).isEqualTo("Station code");
        assertThat(rooms.journal().openAttempts()).isEmpty();
        assertThat(rooms.datastore().stagedObjects()).isEmpty();
        assertThat(rooms.stash().list()).isEmpty();
        assertThat(rooms.workspace().operations()).isEmpty();
        assertThat(rooms.datastore().commits(DATASET)).hasSize(head.version());
        assertThat(rig.folder.resolve("datasets/d/current.sqlite").toRealPath())
                .isEqualTo(rooms.datastore().file(head).orElseThrow().toRealPath());
        try (var all = Files.walk(rig.folder)) {
            assertThat(all.filter(file -> file.toString().endsWith(".partial"))).isEmpty();
        }
    }
}
