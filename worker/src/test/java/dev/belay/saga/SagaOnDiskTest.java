package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.FileStash;
import dev.belay.job.WorkerId;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import dev.belay.source.FakeSource;
import dev.belay.stage.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The crash sweep over the real rooms: killed at every point once; journal, datastore and stash are then opened anew
/// from their files, while what the dead worker had open stays open, as it would for a moment after a kill.
final class SagaOnDiskTest {
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path made) {
        folder = made;
    }

    enum Scenario {
        SUCCEEDS_BY_SWAP("code,n\n007,1\n008,2\n009,3\n", PublishStrategy.SWAP, false, 3),
        SUCCEEDS_IN_PLACE("code,n\n007,1\n008,2\n009,3\n", PublishStrategy.IN_PLACE, false, 3),
        FAILS_BY_SWAP("code,n\n007,1\n007,2\n", PublishStrategy.SWAP, true, 2),
        FAILS_IN_PLACE("code,n\n007,1\n007,2\n", PublishStrategy.IN_PLACE, true, 0);

        final String file;
        final PublishStrategy strategy;
        final boolean fails;
        final int rows;

        Scenario(String file, PublishStrategy strategy, boolean fails, int rows) {
            this.file = file;
            this.strategy = strategy;
            this.fails = fails;
            this.rows = rows;
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWholeWhereverTheWorkerIsKilled(Scenario scenario) throws Exception {
        int point = 0;
        boolean died = true;
        while (died) {
            died = survives(scenario, point);
            point++;
        }
        System.out.printf("%s: killed at %d points on disk%n", scenario, point - 1);
        assertThat(point).isGreaterThan(40);
    }

    /// @return whether the worker lived long enough to reach the point
    private boolean survives(Scenario scenario, int point) throws Exception {
        try (var disk = new Disk(folder.resolve(scenario + "-" + point))) {
            disk.source.with("second.csv", scenario.file.getBytes(StandardCharsets.UTF_8));
            disk.prepare(scenario);
            var points = CrashPoints.at(point);
            boolean died = false;
            try {
                disk.drain(points);
            } catch (CrashPoints.Crash killed) {
                died = true;
                disk.drain(CrashPoints.none());
            }
            assertWhole(disk, scenario, died ? "killed " + points.names().getLast() : "not killed");
            return died;
        }
    }

    private static void assertWhole(Disk disk, Scenario scenario, String where) throws Exception {
        Rig.Rooms rooms = disk.open();
        DatasetState state = rooms.datastore().state(DATASET);
        Commit head = state.head().orElseThrow();
        assertThat(disk.log.terminalTypes()).as(where).containsExactly(scenario.fails ? "job.failed" : "job.completed");
        DataDictionary dictionary = DataDictionary.parse(state.dictionary().orElseThrow());
        assertThat(dictionary.field("code").title()).as(where).isEqualTo("Station code");
        // A worker that is killed in its last attempt before the delete leaves version 1.
        int rows = scenario.fails && head.version() == 1 ? 2 : scenario.rows;
        assertThat(rooms.datastore().preview(head, 10)).as(where).hasSize(rows);
        assertThat(head.rows()).as(where).isEqualTo(rows);
        assertThat(rooms.datastore().isIntact(head)).as(where).isTrue();
        assertThat(rooms.datastore().commits(DATASET)).as(where).hasSize(head.version());
        assertThat(rooms.journal().openAttempts()).as(where).isEmpty();
        assertThat(rooms.datastore().stagedObjects()).as(where).isEmpty();
        assertThat(rooms.stash().list()).as(where).isEmpty();
        assertThat(rooms.workspace().operations()).as(where).isEmpty();
        Saga next = Rig.saga(rooms, new WorkerId("0", "after"), disk.log);
        assertThat(next.recover()).as(where).isZero();
        assertThat(next.sweep()).as(where).isEmpty();
    }

    /// A data folder whose rooms are opened as often as a worker starts, and closed only at the end.
    private static final class Disk implements AutoCloseable {
        final JobLog log = new JobLog();
        final FakeSource source = new FakeSource();
        private final Path folder;
        private final List<Rig.Rooms> opened = new ArrayList<>();

        Disk(Path folder) {
            this.folder = folder;
        }

        Rig.Rooms open() {
            var rooms = new Rig.Rooms(
                    SqliteJournal.open(folder, log.ids()),
                    SqliteDatastore.open(folder, log.ids()),
                    new FileStash(folder.resolve("stash"), log.ids()),
                    source,
                    new Workspace(folder.resolve("workspace")));
            opened.add(rooms);
            return rooms;
        }

        /// Version 1 is published, people have curated it, and the second job waits.
        void prepare(Scenario scenario) throws Exception {
            source.with("first.csv", "code,n\n007,1\n008,2\n".getBytes(StandardCharsets.UTF_8));
            log.send("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
            drain(CrashPoints.none());
            Rig.Rooms rooms = opened.getLast();
            DatasetState state = rooms.datastore().state(DATASET);
            DataDictionary curated =
                    DataDictionary.parse(state.dictionary().orElseThrow()).withTitle("code", "Station code");
            assertThat(rooms.datastore().editDictionary(DATASET, state.dictionaryRevision(), curated.toDocument()))
                    .isTrue();
            log.events.clear();
            log.send(
                    "job-2",
                    JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                            .withMode(Mode.REPLACE, List.of("code"))
                            .withPublish(scenario.strategy));
        }

        /// The next life of the worker: opens everything, recovers, and deals with all messages.
        void drain(CrashPoints points) {
            Rig.Rooms real = open();
            var me = new WorkerId("0", "life-" + opened.size());
            real.journal().beat(me, log.now());
            Rig.Rooms seen = real.through(points);
            Saga worker = Rig.saga(seen, me, log);
            worker.recover();
            while (!log.waiting.isEmpty()) {
                if (log.deliver(worker, seen.journal(), StopSignal.NEVER) instanceof Handled.Later later) {
                    throw new IllegalStateException("nothing else is going on: " + later);
                }
            }
        }

        @Override
        public void close() {
            for (Rig.Rooms rooms : opened) {
                rooms.datastore().close();
                rooms.journal().close();
            }
        }
    }
}
