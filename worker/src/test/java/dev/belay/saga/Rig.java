package dev.belay.saga;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.InMemoryDatastore;
import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.InMemoryStash;
import dev.belay.dictionary.Stash;
import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.WorkerId;
import dev.belay.journal.InMemoryJournal;
import dev.belay.journal.Journal;
import dev.belay.parts.Cores;
import dev.belay.pivot.InMemoryPivot;
import dev.belay.pivot.Pivot;
import dev.belay.schemas.JobMessage;
import dev.belay.source.FakeSource;
import dev.belay.source.Source;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Dedupe;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Gate;
import dev.belay.stage.Prepare;
import dev.belay.stage.Publish;
import dev.belay.stage.RejectsLedger;
import dev.belay.stage.Settle;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import dev.belay.stage.Workspace;
import dev.belay.tabular.Chunking;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A world for sagas: a log of messages, a journal, a datastore and a stash that outlive the workers, and workers
/// that may die.
final class Rig {
    static final DatasetId DATASET = new DatasetId("d");
    static final Duration OWNER_LOST_AFTER = Duration.ofMinutes(1);
    /// Small files are written while they are examined, as only large ones are by a worker.
    private static final Chunking DRAFTED = new Chunking(1 << 20, 1 << 10);

    final InMemoryJournal journal = new InMemoryJournal("rig");
    final InMemoryDatastore datastore = new InMemoryDatastore();
    final InMemoryStash stash = new InMemoryStash();
    final FakeSource source = new FakeSource();
    final JobLog log = new JobLog();
    final Workspace workspace;

    private final @Nullable Pivot oneStep;
    private int lives;

    /// One whose stores change apart.
    Rig(Path folder) {
        this.workspace = new Workspace(folder.resolve("work"));
        this.oneStep = null;
    }

    /// @param stores how they change
    Rig(Path folder, Together stores) {
        this.workspace = new Workspace(folder.resolve("work"));
        this.oneStep = stores == Together.IN_ONE_STEP ? new InMemoryPivot(journal, datastore) : null;
    }

    /// Whether a version and the end of its attempt are one step.
    enum Together {
        APART,
        IN_ONE_STEP
    }

    /// The rooms a worker works with.
    ///
    /// @param oneStep what changes journal and datastore in one step, where they do
    record Rooms(
            Journal journal,
            Datastore datastore,
            Stash stash,
            Source source,
            Workspace workspace,
            @Nullable Pivot oneStep) {
        /// Those that change apart.
        Rooms(Journal journal, Datastore datastore, Stash stash, Source source, Workspace workspace) {
            this(journal, datastore, stash, source, workspace, null);
        }

        /// The same rooms, seen through points.
        Rooms through(CrashPoints points) {
            return new Rooms(
                    points.around(Journal.class, journal),
                    points.around(Datastore.class, datastore),
                    points.around(Stash.class, stash),
                    points.around(Source.class, source),
                    workspace,
                    oneStep == null ? null : points.around(Pivot.class, oneStep));
        }

        Pivot pivot() {
            return oneStep == null ? Pivot.publishing(datastore) : oneStep;
        }
    }

    /// What the workers of this rig work with.
    Rooms rooms() {
        return new Rooms(journal, datastore, stash, source, workspace, oneStep);
    }

    /// A worker over any rooms.
    static Saga saga(Rooms rooms, WorkerId worker, JobLog log) {
        return saga(rooms, worker, log.clock(), log);
    }

    /// A worker with a clock of its own.
    static Saga saga(Rooms rooms, WorkerId worker, InstantSource clock, JobLog log) {
        return saga(rooms, worker, new Saga.Clocks(clock, clock), log);
    }

    /// A worker that tells lost owners by another clock than its own.
    static Saga saga(Rooms rooms, WorkerId worker, Saga.Clocks clocks, JobLog log) {
        InstantSource clock = clocks.own();
        var examine = new Examine(new DelimitedReader(ReadLimits.DEFAULTS, new Cores(1), DRAFTED));
        var stages = new Stages(
                new Fetch(rooms.source(), rooms.workspace()),
                new Prepare(new Formats(FormatLimits.DEFAULTS)),
                examine,
                new RejectsLedger(
                        rooms.workspace().root().resolveSibling("rejects"),
                        new RejectsLedger.Limits(1_000, 1 << 20, 20)),
                Gate.OPEN,
                new Dedupe(examine, DuplicateSearch.alone(1 << 10)),
                new StashDictionary(rooms.stash(), rooms.datastore()),
                new Arm(),
                new DeleteLive(rooms.datastore(), rooms.stash(), clock),
                new StageRows(rooms.datastore(), examine, rooms.workspace()),
                new BuildIndexes(rooms.datastore()),
                new Publish(rooms.pivot()),
                new Settle(rooms.datastore(), rooms.stash(), rooms.workspace(), 3));
        var settings = new SagaSettings(
                3, List.of(Duration.ofSeconds(5), Duration.ofSeconds(60)), OWNER_LOST_AFTER, "belay:rig");
        return new Saga(
                new Saga.Rooms(rooms.journal(), rooms.datastore(), rooms.stash(), stages, log.requests, JobLog.EVENTS),
                settings,
                worker,
                clocks,
                log.ids());
    }

    /// The next life of the one worker there is.
    Saga worker(CrashPoints points) {
        return worker("0", points);
    }

    /// The next life of the worker in a slot; it lives, and sees its world through `points`.
    Saga worker(String slot, CrashPoints points) {
        lives++;
        var id = new WorkerId(slot, "life-" + lives);
        journal.beat(id, log.now());
        return saga(rooms().through(points), id, log);
    }

    /// Writes a job to the log.
    JobLog.Message send(String id, JobMessage message) {
        return log.send(id, message);
    }

    /// A file of the source.
    void file(String name, String content) {
        source.with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a job and lets a worker bring it to its end.
    void run(String id, JobMessage message) {
        send(id, message);
        drain();
    }

    /// Lets a worker of its own deal with every message in the log.
    void drain() {
        var points = CrashPoints.none();
        drain(worker(points), points);
    }

    /// Lets a worker deal with every message in the log, as often as it takes.
    void drain(Saga worker, CrashPoints points) {
        Journal seen = points.around(Journal.class, journal);
        while (!log.waiting.isEmpty()) {
            if (log.deliver(worker, seen, StopSignal.NEVER) instanceof Handled.Later later) {
                throw new IllegalStateException("nothing else is going on: " + later);
            }
        }
    }

    /// People edit the live dictionary.
    void curate(Edit edit) throws JobFailure {
        DatasetState state = datastore.state(DATASET);
        DataDictionary edited = edit.of(dictionary());
        if (!datastore.editDictionary(DATASET, state.dictionaryRevision(), edited.toDocument())) {
            throw new IllegalStateException("there is no live dictionary to edit");
        }
    }

    /// What people do to a dictionary.
    @FunctionalInterface
    interface Edit {
        DataDictionary of(DataDictionary live) throws JobFailure;
    }

    /// The live dictionary.
    DataDictionary dictionary() throws JobFailure {
        return DataDictionary.parse(datastore.state(DATASET).dictionary().orElseThrow());
    }

    /// The version that is the head.
    int version() {
        return datastore.state(DATASET).head().orElseThrow().version();
    }

    /// All published rows.
    List<List<@Nullable Object>> rows() {
        return datastore.rows(DATASET);
    }
}
