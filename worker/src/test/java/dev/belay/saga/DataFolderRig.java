package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.FileStash;
import dev.belay.job.WorkerId;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.schemas.JobMessage;
import dev.belay.source.FakeSource;
import dev.belay.stage.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A data folder with the real stores, opened and closed as a worker process does.
final class DataFolderRig implements AutoCloseable {
    final JobLog log = new JobLog();
    final FakeSource source = new FakeSource();
    final Path folder;
    private Rig.@Nullable Rooms open;
    private int lives;

    DataFolderRig(Path folder) {
        this.folder = folder;
    }

    /// The stores, opened unless they are.
    Rig.Rooms rooms() {
        Rig.Rooms now = open;
        if (now == null) {
            now = opened();
            open = now;
        }
        return now;
    }

    private Rig.Rooms opened() {
        SqliteJournal journal = SqliteJournal.open(folder, log.ids());
        boolean whole = false;
        try {
            var rooms = new Rig.Rooms(
                    journal,
                    SqliteDatastore.open(folder, log.ids()),
                    new FileStash(folder.resolve("stash"), log.ids()),
                    source,
                    new Workspace(folder.resolve("work")));
            whole = true;
            return rooms;
        } finally {
            if (!whole) {
                journal.close();
            }
        }
    }

    /// The next life of the one worker, recovered.
    Saga worker(CrashPoints points) {
        lives++;
        var me = new WorkerId("0", "life-" + lives);
        rooms().journal().beat(me, log.now());
        Saga worker = Rig.saga(rooms().through(points), me, log);
        worker.recover();
        return worker;
    }

    /// Lets a worker deal with everything.
    void drain(Saga worker) {
        while (!log.waiting.isEmpty()) {
            if (log.deliver(worker, rooms().journal(), StopSignal.NEVER) instanceof Handled.Later later) {
                throw new IllegalStateException("nothing else is going on: " + later);
            }
        }
    }

    /// Loads a file, published as the next version.
    void load(String job, String dataset, String content) {
        source.with(job + ".csv", content.getBytes(StandardCharsets.UTF_8));
        log.send(job, JobMessage.replace(dataset, JobMessage.Source.url(job + ".csv")));
        drain(worker(CrashPoints.none()));
    }

    /// People name the first column of the dataset.
    void curate(String title) throws Exception {
        DatasetState state = rooms().datastore().state(DATASET);
        DataDictionary edited =
                DataDictionary.parse(state.dictionary().orElseThrow()).withTitle("code", title);
        if (!rooms().datastore().editDictionary(DATASET, state.dictionaryRevision(), edited.toDocument())) {
            throw new IllegalStateException("there is no live dictionary to edit");
        }
    }

    /// What people have said about the first column.
    String curated() throws Exception {
        return DataDictionary.parse(
                        rooms().datastore().state(DATASET).dictionary().orElseThrow())
                .field("code")
                .title();
    }

    /// The worker's process ends; the next one opens everything anew.
    void stop() {
        Rig.Rooms now = open;
        if (now != null) {
            open = null;
            now.datastore().close();
            now.journal().close();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
