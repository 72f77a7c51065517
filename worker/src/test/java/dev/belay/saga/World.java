package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.WorkerId;
import dev.belay.kit.AtRest;
import dev.belay.kit.Injections;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Receipt;
import dev.belay.source.FakeSource;
import dev.belay.stage.Workspace;
import dev.belay.stores.StorePlaces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A data folder with the real stores in it, a log of messages, and the lives of workers over them. Workers may be
/// killed at any point; what a dead one had open stays open, as it would for a moment after a kill.
public final class World implements AutoCloseable {
    /// The dataset of most stories.
    public static final DatasetId DATASET = Rig.DATASET;

    /// What people call its first column.
    public static final String TITLE = "Station code";

    /// Replaces [#DATASET] by the file `a.csv`.
    public static final JobMessage LOAD = JobMessage.replace(DATASET.value(), JobMessage.Source.url("a.csv"));

    private final DataFolder folder;
    private final StorePlaces places;
    private final JobLog log = new JobLog();
    private final FakeSource source = new FakeSource();
    private final List<Stores> opened = new CopyOnWriteArrayList<>();
    private boolean curated;
    private JobLog.@Nullable Message last;

    /// @param folder where the stores are made
    public World(Path folder) {
        this(folder, Stores.places(DataFolder.at(folder)));
    }

    /// @param folder what the host has of its own
    /// @param places where the stores are made
    public World(Path folder, StorePlaces places) {
        this.folder = DataFolder.at(folder);
        this.places = places;
    }

    /// A world in which version 1 (`code,n`: 007 and 008) is published and people have named its first column.
    public static World withVersionOne(Path folder) throws Exception {
        return withVersionOne(folder, Stores.places(DataFolder.at(folder)));
    }

    /// The same, where the stores are somewhere else.
    public static World withVersionOne(Path folder, StorePlaces places) throws Exception {
        var world = new World(folder, places);
        world.file("a.csv", "code,n\n007,1\n008,2\n");
        world.send("job-1", LOAD);
        world.live("0").drain();
        world.curate();
        world.log.events.clear();
        return world;
    }

    /// What a file of the source holds from now on.
    public void file(String name, String content) {
        source.with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// The next fetch of a file fails like this.
    public void failingNext(String name, JobFailure failure) {
        source.failingNext(name, failure);
    }

    /// Writes a job to the log.
    public void send(String job, JobMessage message) {
        last = log.send(job, message);
    }

    /// Delivers the newest message once more, as Kafka does when its offset was not committed.
    public void redeliver() {
        log.waiting.add(Objects.requireNonNull(last));
    }

    /// The next life of the worker in a slot: opens everything anew and says that it lives.
    public Life live(String slot) throws JobFailure {
        return live(slot, Duration.ZERO);
    }

    /// A life whose clock is wrong.
    public Life live(String slot, Duration off) throws JobFailure {
        Stores stores = open();
        var me = new WorkerId(slot, "life-" + opened.size());
        InstantSource clock = () -> log.clock().instant().plus(off);
        var life = new Life(stores, me, new Saga.Clocks(clock, clock));
        life.beat();
        return life;
    }

    /// A life whose clock is wrong, and which says that it lives, and asks who does, by the clock that all workers of
    /// the journal share.
    public Life liveByTheSharedClock(String slot, Duration off) throws JobFailure {
        Stores stores = open();
        InstantSource own = () -> log.clock().instant().plus(off);
        var me = new WorkerId(slot, "life-" + opened.size());
        var life = new Life(stores, me, new Saga.Clocks(own, stores.journal().sharedClock(own)));
        life.beat();
        return life;
    }

    /// Opens the stores, as a worker or a command does at its start.
    public Stores open() throws JobFailure {
        Stores stores = Stores.open(folder, places, log.ids());
        opened.add(stores);
        return stores;
    }

    /// One life of a worker.
    public final class Life {
        private final Stores stores;
        private final WorkerId me;
        private final InstantSource lives;
        private final Saga saga;

        private Life(Stores stores, WorkerId me, Saga.Clocks clocks) {
            this.stores = stores;
            this.me = me;
            this.lives = clocks.lives();
            var rooms = new Rig.Rooms(
                    stores.journal(),
                    stores.datastore(),
                    stores.stash(),
                    source,
                    new Workspace(folder.work()),
                    stores.pivot());
            saga = Rig.saga(rooms, me, clocks, log);
        }

        /// Says that it lives.
        public void beat() {
            stores.journal().beat(me, lives.instant());
        }

        /// As a worker does at start and now and then.
        public int recover() {
            return saga.recover();
        }

        /// Removes what ended attempts have left.
        public List<Sweep.Finding> sweep() {
            return saga.sweep();
        }

        /// Deals with the oldest message, once.
        public Handled deliver() {
            return log.deliver(saga, stores.journal(), StopSignal.NEVER);
        }

        /// Deals with the oldest message without announcing what became of it: for a thread of its own.
        public Handled handle() {
            JobLog.Message message = log.waiting.element();
            return saga.handle(message.request(), message.delivery(), JobListener.SILENT, StopSignal.NEVER);
        }

        /// Recovers, then deals with all messages.
        ///
        /// @return why messages had to wait on the way
        public List<Handled.Later> drain() {
            saga.recover();
            var waits = new ArrayList<Handled.Later>();
            while (!log.waiting.isEmpty()) {
                if (deliver() instanceof Handled.Later later) {
                    waits.add(later);
                    assertThat(waits).as("one fault, one wait").hasSizeLessThan(4);
                }
            }
            return waits;
        }

        /// Its stores, to look into.
        public Stores stores() {
            return stores;
        }
    }

    /// The dataset is dropped, which no command of Belay does yet.
    public void drop() throws SQLException {
        Injections.tamper(folder.catalog(), "UPDATE dataset SET presence = 'DROPPED', head = NULL, dictionary = NULL");
        curated = false;
    }

    /// Lets time pass.
    public void pass(Duration time) {
        log.pass(time);
    }

    /// Time in which a worker that says nothing is taken for dead.
    public void passUntilOwnersAreLost() {
        log.pass(Rig.OWNER_LOST_AFTER.plusSeconds(1));
    }

    /// People name the first column.
    public void curate() throws JobFailure {
        DatasetState state = state();
        DataDictionary edited = dictionary().withTitle("code", TITLE);
        assertThat(stores().datastore().editDictionary(DATASET, state.dictionaryRevision(), edited.toDocument()))
                .isTrue();
        curated = true;
    }

    /// The stores as the newest life sees them.
    public Stores stores() {
        return opened.getLast();
    }

    /// Where everything is.
    public DataFolder folder() {
        return folder;
    }

    /// What is served.
    public DatasetState state() {
        return stores().datastore().state(DATASET);
    }

    /// The newest version; there must be one.
    public Commit head() {
        return state().head().orElseThrow();
    }

    /// The history, newest first.
    public List<Commit> commits() {
        return stores().datastore().commits(DATASET);
    }

    /// The rows that are served.
    public List<List<@Nullable Object>> rows() {
        return stores().datastore().preview(head(), 100_000);
    }

    /// The live dictionary.
    public DataDictionary dictionary() throws JobFailure {
        return DataDictionary.parse(state().dictionary().orElseThrow());
    }

    /// The types of all events that a `read_committed` consumer has seen, without their common prefix.
    public List<String> told() {
        return log.types();
    }

    /// Those that end jobs.
    public List<String> ends() {
        return log.terminalTypes();
    }

    /// What recoveries have told.
    public List<EventData.Recovered> recoveries() {
        return log.of(EventData.Recovered.class);
    }

    /// How the last job ended.
    public Receipt receipt() {
        return log.receipt();
    }

    /// The code of the failure that ended the last job.
    public @Nullable String failure() {
        return Objects.requireNonNull(receipt().failure()).code();
    }

    /// How many messages nobody has dealt with.
    public int waiting() {
        return log.waiting.size();
    }

    /// The common check: everything has ended, once, and nothing is left over; a second recovery changes nothing.
    public void assertAtRest() throws Exception {
        assertThat(log.waiting).isEmpty();
        var atRest = new AtRest(folder, places);
        if (curated) {
            atRest.curated(DATASET.value(), Map.of("code", TITLE));
        }
        atRest.check();
        assertThat(log.of(Receipt.class)).extracting(Receipt::jobId).doesNotHaveDuplicates();
        List<String> before = atRest.fingerprint();
        Life again = live("again");
        assertThat(again.recover()).isZero();
        again.sweep();
        assertThat(atRest.fingerprint()).isEqualTo(before);
    }

    @Override
    public void close() {
        opened.forEach(Stores::close);
    }
}
