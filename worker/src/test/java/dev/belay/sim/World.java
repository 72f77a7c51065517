package dev.belay.sim;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.InMemoryDatastore;
import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.InMemoryStash;
import dev.belay.dictionary.Stash;
import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.SimulatedIntake;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.WorkerId;
import dev.belay.journal.InMemoryJournal;
import dev.belay.journal.Journal;
import dev.belay.pivot.InMemoryPivot;
import dev.belay.pivot.Pivot;
import dev.belay.saga.Requests;
import dev.belay.saga.Saga;
import dev.belay.saga.SagaSettings;
import dev.belay.saga.Stages;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.MessageCodec;
import dev.belay.sim.Faults.Kind;
import dev.belay.sim.Fibers.Life;
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
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One world: a broker, a journal, a datastore and a stash that outlive everyone; workers that die, stall and
/// are restarted; people who send jobs and edit dictionaries. All of it follows from the seed.
final class World {
    static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    static final int MAX_ATTEMPTS = 3;

    private static final int KEEPER_EVERY = 500;
    private static final int SESSION = 10_000;
    private static final int TRANSACTION_TIMEOUT = 15_000;
    private static final int STEP_LIMIT = 60_000;
    private static final int TROUBLE_UNTIL = 90_000;
    private static final int TROUBLE_STEPS = 9_000;
    private static final Duration OWNER_LOST_AFTER = Duration.ofSeconds(8);
    private static final List<Duration> RETRY_DELAYS = List.of(Duration.ofSeconds(2), Duration.ofSeconds(5));
    // Shared by all worlds: immutable, and slow to make.
    private static final MessageCodec MESSAGES = new MessageCodec();
    private static final EventCodec EVENTS = new EventCodec();

    private final Scene scene;
    private final InMemoryJournal journal = new InMemoryJournal("simulated");
    private final InMemoryDatastore datastore = new InMemoryDatastore();
    private final InMemoryStash stash = new InMemoryStash();
    private final boolean isOneDatabase;
    private final SimulatedSource source;
    private final Workspace workspace;
    private final Story story;
    private final Map<String, SimulatedWorker> slots = new LinkedHashMap<>();
    private final Map<String, Long> restartAt = new TreeMap<>();
    private final Map<String, String> curated = new TreeMap<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Life> lives = new ArrayList<>();
    private final IdSource ids;
    private long minted;
    private long skew;
    private int sent;
    private int twins;

    /// The rooms a saga works with.
    record Rooms(Journal journal, Datastore datastore, Stash stash, Source source, Pivot pivot) {}

    World(long seed, Path folder, @Nullable List<String> trace) {
        isOneDatabase = seed % 2 != 0;
        var random = new Random(seed);
        var fibers = new Fibers(random, STEP_LIMIT, trace);
        var faults = new Faults(random, fibers);
        var broker = new Broker();
        var topics = settings("w0").topics();
        broker.create(topics.jobs(), 2);
        broker.create(topics.retry(1), 1);
        broker.create(topics.retry(2), 1);
        broker.create(topics.events(), 2);
        broker.create(topics.deadLetters(), 1);
        scene = new Scene(fibers, faults, broker, new Group(random, taken(broker)), random);
        source = new SimulatedSource(faults, fibers);
        source.file("other.csv", "code,n\n900,1\n");
        workspace = new Workspace(folder.resolve("work"));
        story = new Story(random, source);
        ids = () -> "01J000000000000000%08d".formatted(++minted);
        int workers = 2 + random.nextInt(2);
        for (int number = 0; number < workers; number++) {
            restartAt.put("w" + number, (long) random.nextInt(3000));
        }
    }

    private static List<TopicPartition> taken(Broker broker) {
        var topics = settings("w0").topics();
        var partitions = new ArrayList<TopicPartition>();
        for (String topic : List.of(topics.jobs(), topics.retry(1), topics.retry(2))) {
            partitions.addAll(broker.partitionsOf(topic));
        }
        return partitions;
    }

    static IntakeSettings settings(String slot) {
        var defaults = IntakeSettings.defaults(slot, Map.of());
        var flow = new IntakeSettings.Flow(2, 8, 256 * 1024, 1 << 20, MAX_ATTEMPTS, RETRY_DELAYS);
        return new IntakeSettings(
                defaults.topics(), slot, defaults.group(), flow, defaults.emission(), defaults.kafka());
    }

    Scene scene() {
        return scene;
    }

    InMemoryJournal journal() {
        return journal;
    }

    InMemoryDatastore datastore() {
        return datastore;
    }

    /// How a worker publishes: every other world is in one database, where the attempt ends with it.
    ///
    /// @param seen the datastore as the worker sees it
    Pivot pivot(Ports ports, Datastore seen) {
        return isOneDatabase
                ? ports.around(Pivot.class, new InMemoryPivot(journal, datastore), true)
                : Pivot.publishing(seen);
    }

    InMemoryStash stash() {
        return stash;
    }

    SimulatedSource source() {
        return source;
    }

    Workspace workspace() {
        return workspace;
    }

    Story story() {
        return story;
    }

    /// By dataset, the last title that people gave to the column `code`.
    Map<String, String> curated() {
        return curated;
    }

    List<String> violations() {
        return violations;
    }

    int twins() {
        return twins;
    }

    /// Whether workers died, or others may have taken them for dead.
    boolean hadDeaths() {
        return scene.faults().count(Kind.CRASH) > 0
                || scene.faults().count(Kind.STALL) > 0
                || scene.faults().count(Kind.CLOCK) > 0
                || scene.faults().count(Kind.REBALANCE) > 0
                || story.jobs.values().stream().anyMatch(job -> job.kind() == Story.Kind.POISON);
    }

    void violated(String what) {
        scene.fibers().note("VIOLATION", what);
        violations.add(what);
    }

    /// A worker's saga over any rooms.
    Saga saga(Rooms rooms, WorkerId worker, InstantSource clock) {
        var examine = new Examine(DelimitedReader.alone(ReadLimits.DEFAULTS));
        var stages = new Stages(
                new Fetch(rooms.source(), workspace),
                new Prepare(new Formats(FormatLimits.DEFAULTS)),
                examine,
                new RejectsLedger(
                        workspace.root().resolveSibling("rejects"), new RejectsLedger.Limits(1_000, 1 << 20, 20)),
                Gate.OPEN,
                new Dedupe(examine, DuplicateSearch.alone(1 << 10)),
                new StashDictionary(rooms.stash(), rooms.datastore()),
                new Arm(),
                new DeleteLive(rooms.datastore(), rooms.stash(), clock),
                new StageRows(rooms.datastore(), examine, workspace),
                new BuildIndexes(rooms.datastore()),
                new Publish(rooms.pivot()),
                new Settle(rooms.datastore(), rooms.stash(), workspace, 3));
        var parts = new Saga.Rooms(
                rooms.journal(),
                rooms.datastore(),
                rooms.stash(),
                stages,
                new Requests(MESSAGES, MAX_ATTEMPTS),
                EVENTS);
        return new Saga(parts, new SagaSettings(3, RETRY_DELAYS, OWNER_LOST_AFTER, "belay:sim"), worker, clock, ids);
    }

    /// Runs to rest.
    void run() throws InterruptedException {
        scene.fibers().spawn(new Life("people"), "jobs", this::send);
        scene.fibers().spawn(new Life("people"), "curators", this::curate);
        scene.fibers().spawn(new Life("keeper"), "", this::keep);
        scene.fibers().run();
        violations.addAll(scene.fibers().defects());
        if (scene.fibers().isExhausted()) {
            violations.add("no rest after %d steps: %s".formatted(STEP_LIMIT, unsettled()));
        }
    }

    private void send() {
        for (Story.Message message : story.messages) {
            scene.fibers().sleep(scene.random().nextInt(4) == 0 ? scene.random().nextInt(6000) : 10);
            scene.fibers().note("people", "send " + new String(message.value(), StandardCharsets.UTF_8));
            scene.broker()
                    .write(
                            new ProducerRecord<>(
                                    settings("w0").topics().jobs(),
                                    message.dataset().getBytes(StandardCharsets.UTF_8),
                                    message.value()),
                            scene.fibers().now());
            sent++;
        }
    }

    private void curate() {
        for (int number = 1; !scene.faults().areOver(); number++) {
            scene.fibers().sleep(200 + scene.random().nextInt(5000));
            for (DatasetState state : datastore.datasets()) {
                if (state.dictionary().isPresent() && scene.random().nextInt(2) == 0) {
                    retitle(state, "Code " + number);
                }
            }
        }
    }

    private void retitle(DatasetState state, String title) {
        try {
            var edited = DataDictionary.parse(state.dictionary().orElseThrow()).withTitle("code", title);
            if (datastore.editDictionary(state.dataset(), state.dictionaryRevision(), edited.toDocument())) {
                scene.fibers().note("people", "edit " + state.dataset() + " " + title);
                curated.put(state.dataset().value(), title);
            }
        } catch (JobFailure failed) {
            violated("the dictionary of " + state.dataset() + " cannot be read: " + failed.getMessage());
        }
    }

    private void keep() {
        for (int quiet = 0; quiet < 6; ) {
            scene.fibers().sleep(KEEPER_EVERY);
            long now = scene.fibers().now();
            scene.group().expire(now, SESSION);
            scene.broker().expire(now - TRANSACTION_TIMEOUT);
            if (sent == story.messages.size()
                    && (now > TROUBLE_UNTIL || scene.fibers().steps() > TROUBLE_STEPS)) {
                endTrouble();
            }
            trouble();
            slots.forEach((slot, worker) -> restartIfDead(slot, worker, now));
            List.copyOf(restartAt.keySet()).forEach(slot -> startIfDue(slot, now));
            lookAtVersions();
            quiet = isQuiet() ? quiet + 1 : 0;
            if (quiet > 0 && !scene.faults().areOver()) {
                endTrouble();
            }
        }
        scene.fibers().end();
    }

    private void endTrouble() {
        if (!scene.faults().areOver()) {
            scene.faults().end();
            // All clocks agree again, so late that every retry is due that a clock ahead of its time has put off.
            skew = Duration.ofMinutes(62).toMillis();
            lives.forEach(life -> life.skew = skew);
        }
    }

    private void trouble() {
        if (scene.faults().happens(Kind.REBALANCE)) {
            scene.fibers().note("keeper", "nudge");
            scene.group().nudge();
        }
        if (!lives.isEmpty() && scene.faults().happens(Kind.CLOCK)) {
            Life life = lives.get(scene.random().nextInt(lives.size()));
            life.skew = Duration.ofMinutes(scene.random().nextInt(121) - 60L).toMillis();
            scene.fibers().note(life.name, "clock off by " + life.skew);
        }
    }

    private void restartIfDead(String slot, SimulatedWorker worker, long now) {
        if (restartAt.containsKey(slot)) {
            return;
        }
        boolean stalled = worker.life().stalledUntil > now;
        if (worker.life().dead) {
            restartAt.put(slot, now + scene.random().nextInt(scene.random().nextInt(3) == 0 ? 20_000 : 1500));
        } else if (stalled && scene.random().nextInt(25) == 0) {
            twins++;
            scene.fibers().note("keeper", slot + " is restarted while its earlier life only stands still");
            restartAt.put(slot, now);
        }
    }

    private void startIfDue(String slot, long now) {
        if (restartAt.getOrDefault(slot, 0L) <= now) {
            restartAt.remove(slot);
            var worker = new SimulatedWorker(this, slot, lives.size());
            worker.life().skew = skew;
            lives.add(worker.life());
            slots.put(slot, worker);
            worker.begin();
        }
    }

    /// Readers never see an older version than before.
    private void lookAtVersions() {
        for (DatasetState state : datastore.datasets()) {
            state.head().ifPresent(head -> {
                Integer before = versions.put(state.dataset().value(), head.version());
                if (before != null && before > head.version()) {
                    violated("%s went from version %d to %d".formatted(state.dataset(), before, head.version()));
                }
            });
        }
    }

    private boolean isQuiet() {
        return sent == story.messages.size()
                && !scene.broker().isAnyOpen()
                && lives.stream()
                        .noneMatch(life ->
                                !life.dead && life.stalledUntil > scene.fibers().now())
                && unsettled().isEmpty();
    }

    /// The messages whose offset is not committed.
    List<String> unsettled() {
        var unsettled = new ArrayList<String>();
        for (TopicPartition partition : taken(scene.broker())) {
            var committed = Optional.ofNullable(scene.broker().committed(partition));
            for (Broker.Entry entry : scene.broker().read(partition, 0)) {
                if (!SimulatedIntake.isSettled(committed, entry.offset(), journal.id())) {
                    unsettled.add(partition + "@" + entry.offset());
                }
            }
        }
        return unsettled;
    }
}
