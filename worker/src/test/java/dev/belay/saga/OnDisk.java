package dev.belay.saga;

import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.source.FakeSource;
import dev.belay.stage.Workspace;
import dev.belay.stores.StorePlaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// An installation over the real stores, in a folder, with the [JobLog] that stands for Kafka, clock and ids.
///
/// A copy of it taken while a worker is between two steps is what a `kill -9` leaves just there: the files as
/// the system has them, nothing of the process. (SQLite's shared memory is left out: whoever opens a database
/// first makes it anew.)
final class OnDisk {
    final DataFolder folder;
    final StorePlaces places;
    final JobLog log;
    final FakeSource source;

    OnDisk(Path root, JobLog log, FakeSource source) {
        this(root, Stores.places(DataFolder.at(root)), log, source);
    }

    /// With stores somewhere else than in the folder; such a one is not copied.
    OnDisk(Path root, StorePlaces places, JobLog log, FakeSource source) {
        this.folder = DataFolder.at(root);
        this.places = places;
        this.log = log;
        this.source = source;
    }

    /// One worker from its start to its end; closing it is an orderly end.
    record Life(Stores stores, Rig.Rooms rooms, Saga saga) implements AutoCloseable {
        @Override
        public void close() {
            stores.close();
        }
    }

    /// Opens everything, as a worker does that starts.
    Life begin(String slot) {
        try {
            Stores stores = Stores.open(folder, places, log.ids());
            var rooms = new Rig.Rooms(
                    stores.journal(),
                    stores.datastore(),
                    stores.stash(),
                    source,
                    new Workspace(folder.work()),
                    stores.pivot());
            var me = new WorkerId(slot, log.ids().next());
            stores.journal().beat(me, log.now());
            return new Life(stores, rooms, Rig.saga(rooms, me, log));
        } catch (JobFailure refused) {
            throw new Unavailable(refused.failure(), refused);
        }
    }

    /// A whole life: resolves what is open, sweeps, and deals with all messages.
    void live() {
        try (Life life = begin("0")) {
            life.saga().recover();
            life.saga().sweep();
            drain(life);
        }
    }

    /// Lets a living worker deal with all messages.
    void drain(Life life) {
        while (!log.waiting.isEmpty()) {
            if (log.deliver(life.saga(), life.rooms().journal(), StopSignal.NEVER) instanceof Handled.Later later) {
                throw new IllegalStateException("nothing else is going on: " + later);
            }
        }
    }

    /// People name a column.
    void curate(String column, String title) throws JobFailure {
        try (Life life = begin("0")) {
            DatasetState state = life.rooms().datastore().state(Rig.DATASET);
            DataDictionary edited =
                    DataDictionary.parse(state.dictionary().orElseThrow()).withTitle(column, title);
            if (!life.rooms()
                    .datastore()
                    .editDictionary(Rig.DATASET, state.dictionaryRevision(), edited.toDocument())) {
                throw new IllegalStateException("there is no live dictionary to edit");
            }
        }
    }

    /// The same at another place, to go on from here.
    OnDisk copyTo(Path root) {
        try {
            for (Path from : files()) {
                Path to = root.resolve(folder.root().relativize(from));
                if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to, LinkOption.NOFOLLOW_LINKS);
                }
            }
            return new OnDisk(root, log.copy(), source);
        } catch (IOException failed) {
            throw new IllegalStateException("the installation cannot be copied", failed);
        }
    }

    /// Tells states apart: names and contents of all files, and what Kafka holds.
    long checksum() {
        try {
            var sum = new CRC32();
            for (Path file : files()) {
                sum.update(file.toString().getBytes(StandardCharsets.UTF_8));
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    sum.update(Files.readAllBytes(file));
                }
            }
            sum.update(log.events.size());
            sum.update(log.waiting.size());
            return sum.getValue();
        } catch (IOException failed) {
            throw new IllegalStateException("the installation cannot be read", failed);
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder.root())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder.root())) {
            return files.filter(file -> !file.toString().endsWith("-shm"))
                    .sorted()
                    .toList();
        }
    }
}
