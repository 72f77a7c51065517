package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;

import dev.belay.datastore.Commit;
import dev.belay.datastore.sqlite.CatalogFile;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.FileStash;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.DatasetId;
import dev.belay.job.WorkerId;
import dev.belay.journal.JobState;
import dev.belay.journal.Pruned;
import dev.belay.journal.Retention;
import dev.belay.journal.sqlite.JournalFile;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.schemas.JobMessage;
import dev.belay.source.FakeSource;
import dev.belay.sql.SqlMeter;
import dev.belay.stage.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// A worker over the real stores, whose every statement is counted.
final class MeteredRooms implements AutoCloseable {
    private final Path folder;
    private final JobLog log = new JobLog();
    private final FakeSource source = new FakeSource();
    private final SqliteJournal journal;
    private final SqliteDatastore datastore;
    private final Rig.Rooms rooms;
    private final SqlMeter inJournal;
    private final SqlMeter inCatalog;
    private final Map<String, JobLog.Message> sent = new HashMap<>();
    private int lives;

    MeteredRooms(Path folder) throws Exception {
        this.folder = folder;
        source.with("first.csv", "code,n\n007,1\n008,2\n".getBytes(StandardCharsets.UTF_8));
        source.with("second.csv", "code,n\n007,1\n008,2\n009,3\n".getBytes(StandardCharsets.UTF_8));
        source.with("bad.csv", "code,n\n007,1\n007,2\n".getBytes(StandardCharsets.UTF_8));
        journal = SqliteJournal.open(folder, log.ids());
        datastore = SqliteDatastore.open(folder, log.ids());
        rooms = new Rig.Rooms(
                journal,
                datastore,
                new FileStash(folder.resolve("stash"), log.ids()),
                source,
                new Workspace(folder.resolve("workspace")));
        inJournal = SqlMeter.on(JournalFile.of(journal));
        inCatalog = SqlMeter.on(CatalogFile.of(datastore));
    }

    /// What something asked of the two files and of the disk.
    ///
    /// @param fsyncs of files and folders, besides the one of each commit
    /// @param files  in the whole data folder afterwards
    record Cost(SqlMeter.Reading journal, SqlMeter.Reading catalog, long fsyncs, long files) {
        /// All that must not change at all.
        List<Long> counted() {
            return List.of(
                    journal.reads(),
                    journal.writes(),
                    journal.statements(),
                    journal.steps(),
                    catalog.reads(),
                    catalog.writes(),
                    catalog.statements(),
                    catalog.steps(),
                    fsyncs,
                    files);
        }

        long pages() {
            return journal.pages() + catalog.pages();
        }

        @Override
        public String toString() {
            return "%d+%d reads, %d+%d commits, %d+%d statements, %d+%d steps, %d+%d pages, %d fsyncs, %d files"
                    .formatted(
                            journal.reads(),
                            catalog.reads(),
                            journal.writes(),
                            catalog.writes(),
                            journal.statements(),
                            catalog.statements(),
                            journal.steps(),
                            catalog.steps(),
                            journal.pages(),
                            catalog.pages(),
                            fsyncs,
                            files);
        }
    }

    /// Does it and counts.
    Cost cost(Work work) throws Exception {
        inJournal.checkpoint();
        inCatalog.checkpoint();
        SqlMeter.Reading journalBefore = inJournal.read();
        SqlMeter.Reading catalogBefore = inCatalog.read();
        var fsyncs = new AtomicLong();
        try (var _ = Faults.onEveryPass((point, side) -> fsyncs.addAndGet(isFsync(point, side) ? 1 : 0))) {
            work.run();
        }
        try (var files = Files.walk(folder)) {
            return new Cost(
                    inJournal.read().since(journalBefore),
                    inCatalog.read().since(catalogBefore),
                    fsyncs.get(),
                    files.count());
        }
    }

    private static boolean isFsync(FaultPoint point, Side side) {
        return side == Side.AFTER && (point == FaultPoint.DISK_FSYNC || point == FaultPoint.DISK_FSYNC_FOLDER);
    }

    /// Anything that may fail.
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /// The next life of the worker, that lives.
    Saga saga() {
        return saga(rooms);
    }

    private Saga saga(Rig.Rooms seen) {
        lives++;
        var me = new WorkerId("0", "life-" + lives);
        journal.beat(me, log.now());
        return Rig.saga(seen, me, log);
    }

    /// Sends a job and brings it to its end.
    void run(String id, JobMessage message) {
        sent.put(id, log.send(id, message));
        drain(saga());
    }

    /// Delivers a job that has ended once more.
    void again(String id) {
        log.waiting.add(Objects.requireNonNull(sent.get(id)));
        drain(saga());
    }

    /// Kills the worker just before it publishes; its next life finishes the job.
    void killAndRecover(String id, JobMessage message) {
        sent.put(id, log.send(id, message));
        var points = CrashPoints.at("before Datastore.publish");
        try {
            drain(saga(rooms.through(points)));
            throw new IllegalStateException("it should have died");
        } catch (CrashPoints.Crash killed) {
            saga().recover();
            drain(saga());
        }
    }

    /// What a start does with the stores.
    void restart() {
        Saga next = saga();
        next.recover();
        next.sweep();
    }

    private void drain(Saga worker) {
        while (!log.waiting.isEmpty()) {
            if (log.deliver(worker, journal, StopSignal.NEVER) instanceof Handled.Later later) {
                throw new IllegalStateException("nothing else is going on: " + later);
            }
        }
    }

    /// As `belay jobs list` does.
    void list(DatasetId dataset, JobState state) {
        JournalFile.newestJobs(journal, dataset, state, 2);
    }

    /// Forgets the details of the ten oldest jobs.
    void pruneOneStep() {
        Pruned pruned = journal.prune(new Retention(log.now().plus(Duration.ofDays(1)), job -> true), 0, 10);
        if (pruned.details() != 10) {
            throw new IllegalStateException("it should have pruned ten: " + pruned);
        }
    }

    /// The head's number.
    int version() {
        return datastore.state(DATASET).head().map(Commit::version).orElseThrow();
    }

    @Override
    public void close() {
        datastore.close();
        journal.close();
    }
}
