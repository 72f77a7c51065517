package dev.belay.runtime;

import dev.belay.intake.Intake;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.IntakeStatus;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Journal;
import dev.belay.metrics.HttpLimits;
import dev.belay.metrics.HttpPages;
import dev.belay.parts.Cores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.folder.Liveness;
import dev.belay.runtime.folder.SignOfLife;
import dev.belay.runtime.folder.WorkerSlot;
import dev.belay.runtime.settings.Choosable;
import dev.belay.runtime.settings.Settings;
import dev.belay.saga.JobHandler;
import dev.belay.saga.Requests;
import dev.belay.saga.Saga;
import dev.belay.saga.Stages;
import dev.belay.saga.Sweep;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.MessageCodec;
import dev.belay.stage.RejectsLedger;
import dev.belay.stores.StorePlace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One worker: a slot in the group, the stores, the saga, and intake. Made and started in one step, closed once
/// or twice.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(5);
    /// So many beats may be late, on a loaded machine, before a living worker is taken for dead.
    private static final int BEATS_UNTIL_LOST = 4;
    /// Leftovers only take room, and looking for them reads every folder.
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final Duration PRUNE = Duration.ofMinutes(10);
    /// How long the broker has to take the end of a review.
    private static final Duration EXPIRY_PATIENCE = Duration.ofSeconds(30);

    private final WorkerSlot slot;
    private final SignOfLife sign;
    private final WorkerId me;
    private final Stores stores;
    private final Held held;
    private final Saga saga;
    private final Intake intake;
    private final Duration stopWithin;
    private final InstantSource clock;
    private final JournalBeat beat;
    private volatile Optional<HttpPages> pages = Optional.empty();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Timers timers = new Timers();

    // Its thread asks no store, so it does not wait with those that do: who waits for a database lives.
    private final ScheduledExecutorService signs = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("belay-sign").factory());

    private Worker(WorkerSlot slot, WorkerId me, Held held, Saga saga, Intake intake, Settings settings) {
        this.slot = slot;
        this.sign = new SignOfLife(new RoomSettings(settings).folder().workers(), slot.name());
        this.me = me;
        this.stores = held.stores();
        this.held = held;
        this.saga = saga;
        this.intake = intake;
        this.stopWithin = settings.worker().stopWithin();
        this.clock = InstantSource.system();
        InstantSource lives = stores.journal().sharedClock(clock);
        this.beat = new JournalBeat(_ -> stores.journal().beat(me, lives.instant()), clock);
    }

    /// Sets what is set once for a whole process that is a worker; before the first one is made.
    public static void limitProcess() {
        HttpLimits.set();
    }

    /// Opens the stores and begins to take jobs: [#prepare] and [Prepared#start] in one.
    ///
    /// @param bootstrapServers where Kafka is
    /// @param moreRoots        folders that jobs may read local files from, besides those of the settings
    /// @throws JobFailure when something it needs is missing; nothing is left running
    /// @throws Unavailable when a store cannot be opened
    public static Worker start(Settings settings, String bootstrapServers, List<Path> moreRoots)
            throws JobFailure, InterruptedException {
        return prepare(settings, moreRoots).start(bootstrapServers);
    }

    /// Does what needs no Kafka: takes a slot, opens the stores, resolves what an earlier life left open.
    ///
    /// @throws JobFailure when something it needs is missing; nothing is left open
    public static Prepared prepare(Settings settings, List<Path> moreRoots) throws JobFailure {
        var rooms = new RoomSettings(settings);
        IdSource ids = IdSource.random(InstantSource.system());
        DataFolder folder = rooms.folder();
        Cores cores = rooms.cores();
        Stores stores = Stores.open(folder, rooms.places(), ids, cores);
        try {
            WorkerSlot slot = slot(settings, folder, ids);
            try {
                var me = new WorkerId(slot.name(), ids.next());
                Saga saga = saga(settings, stores, cores, me, moreRoots);
                Journal journal = stores.journal();
                journal.beat(me, journal.sharedClock(InstantSource.system()).instant());
                int resolved = saga.recover();
                if (resolved > 0) {
                    LOG.info("resolved {} attempts that an earlier life had left open", resolved);
                }
                sweep(saga);
                return new Prepared(settings, slot, me, new Held(stores, cores), saga);
            } catch (RuntimeException failed) {
                slot.close();
                throw failed;
            }
        } catch (JobFailure | RuntimeException failed) {
            new Held(stores, cores).close();
            throw failed;
        }
    }

    /// What is opened first and closed last.
    private record Held(Stores stores, Cores cores) implements AutoCloseable {
        /// The stores wait for whoever works on them; the threads have nothing to do then.
        @Override
        public void close() {
            stores.close();
            cores.close();
        }
    }

    /// A worker that only lacks Kafka.
    public static final class Prepared implements AutoCloseable {
        private final Settings settings;
        private final WorkerSlot slot;
        private final WorkerId me;
        private final Held held;
        private final Saga saga;

        private Prepared(Settings settings, WorkerSlot slot, WorkerId me, Held held, Saga saga) {
            this.settings = settings;
            this.slot = slot;
            this.me = me;
            this.held = held;
            this.saga = saga;
        }

        /// Begins to take jobs; on failure everything is closed.
        public Worker start(String bootstrapServers) throws JobFailure, InterruptedException {
            var rooms = new RoomSettings(settings);
            IntakeSettings kafka = rooms.intake(slot.name(), bootstrapServers);
            Journal journal = held.stores().journal();
            Optional<JobCounts> counts = settings.metrics().listen().map(_ -> new JobCounts(saga));
            JobHandler jobs = counts.<JobHandler>map(counting -> counting).orElse(saga);
            var parts = new Intake.Parts(jobs, journal.id(), journal::announced);
            Intake intake;
            try {
                intake = new Intake(kafka, parts, InstantSource.system());
            } catch (JobFailure | RuntimeException refused) {
                close();
                throw refused;
            }
            var worker = new Worker(slot, me, held, saga, intake, settings);
            try {
                if (counts.isPresent()) {
                    worker.show(counts.get(), settings);
                }
                worker.begin(settings, kafka);
                return worker;
            } catch (JobFailure | RuntimeException | InterruptedException failed) {
                worker.close();
                throw failed;
            }
        }

        /// Closes what was opened, when it is not going to be started.
        @Override
        public void close() {
            held.close();
            slot.close();
        }
    }

    private static WorkerSlot slot(Settings settings, DataFolder folder, IdSource ids) throws JobFailure {
        return switch (settings.worker().slot()) {
            case Choosable.Automatic() ->
                switch (settings.journalPlace()) {
                    case StorePlace.Folder _ -> WorkerSlot.takeFirstFree(folder.workers());
                    // The group has workers of other hosts, whose slots are as free as these.
                    case StorePlace.Server _ -> WorkerSlot.takeFirstFreeAmongHosts(folder.workers(), ids);
                };
            case Choosable.Chosen(int number) -> WorkerSlot.take(folder.workers(), number);
        };
    }

    /// The saga over real stores.
    private static Saga saga(Settings settings, Stores stores, Cores cores, WorkerId me, List<Path> moreRoots) {
        InstantSource clock = InstantSource.system();
        Stages stages = WorkerStages.over(settings, stores, cores, moreRoots);
        var requests = new Requests(new MessageCodec(), settings.retry().maxAttempts());
        return new Saga(
                new Saga.Rooms(
                        stores.journal(), stores.datastore(), stores.stash(), stages, requests, new EventCodec()),
                new RoomSettings(settings).saga(),
                me,
                new Saga.Clocks(clock, stores.journal().sharedClock(clock)),
                IdSource.random(clock));
    }

    /// Lives are told from dead ones by this, never who may decide: that is by epoch and fence.
    static Duration beatEvery(Duration ownerLostAfter) {
        Duration beat = ownerLostAfter.dividedBy(BEATS_UNTIL_LOST);
        return beat.compareTo(LONGEST_BEAT) < 0 ? beat : LONGEST_BEAT;
    }

    private void show(JobCounts counts, Settings settings) throws JobFailure {
        Duration within = settings.worker().ownerLostAfter();
        HttpPages opened = new WorkerPages(new WorkerPages.Shown(
                        counts,
                        intake::status,
                        beat,
                        () -> Liveness.of(sign.last(), within, clock.instant()),
                        settings.worker().sessionTimeout()))
                .open(settings.metrics().listen().orElseThrow());
        pages = Optional.of(opened);
        LOG.info("metrics at {}", metricsUrl().orElseThrow());
    }

    private void begin(Settings all, IntakeSettings kafka) throws JobFailure, InterruptedException {
        Settings.Worker settings = all.worker();
        intake.start();
        var _ = intake.failure().whenComplete((_, fatal) -> {
            if (fatal != null) {
                failure.completeExceptionally(fatal);
            }
        });
        timers.beat(beatEvery(settings.ownerLostAfter()), steady("say that this worker lives", beat::give));
        long pause = beatEvery(settings.ownerLostAfter()).toMillis();
        var _ = signs.scheduleWithFixedDelay(
                steady("write that this worker lives", () -> giveSign(settings.ownerLostAfter())),
                pause,
                pause,
                TimeUnit.MILLISECONDS);
        timers.every(settings.recoverEvery(), steady("resolve attempts left open", saga::recover));
        timers.every(SWEEP, steady("sweep what ended attempts left behind", () -> sweep(saga)));
        var pruning = new JournalPruning(
                stores.journal(), all.journal().keepFinished(), intake::deliverable, JournalPruning.Pace.GENTLE);
        timers.every(PRUNE, steady("prune the journal", () -> prune(pruning)));
        RejectsLedger rejects = new RoomSettings(all).rejects();
        timers.every(
                PRUNE,
                steady(
                        "forget rejected records",
                        () -> rejects.forget(clock.instant().minus(all.journal().keepFinished()))));
        var overdue = new OverdueReviews(stores.journal(), (job, now) -> expire(kafka, job, now));
        timers.every(settings.recoverEvery(), steady("end reviews that nobody decided", () -> expire(overdue)));
    }

    /// Not of a worker whose poll loop stands still: it has lost its place in the group and does nothing.
    private void giveSign(Duration within) {
        if (intake.silentFor().compareTo(within) < 0) {
            try {
                sign.give(clock.instant());
            } catch (IOException failed) {
                LOG.warn("cannot write that this worker lives: {}", failed.toString());
            }
        }
    }

    /// Which worker this is.
    public WorkerId id() {
        return me;
    }

    /// Where Prometheus reads this worker's numbers, if anywhere.
    public Optional<URI> metricsUrl() {
        return pages.map(HttpPages::address)
                .map(at -> new Settings.Address(at.getAddress().getHostAddress(), at.getPort()))
                .map(at -> URI.create("http://" + at.text() + "/metrics"));
    }

    /// What it works on and with.
    public Stores stores() {
        return stores;
    }

    /// What goes on in intake just now.
    public IntakeStatus status() {
        return intake.status();
    }

    /// Completes exceptionally when the worker cannot go on and must be stopped.
    public CompletableFuture<Void> failure() {
        return failure;
    }

    /// Stops within the settings' `worker.stopWithin`: takes no more, lets jobs reach a safe point, announces,
    /// closes.
    @Override
    public void close() {
        timers.close();
        signs.shutdownNow();
        try {
            intake.stop(stopWithin);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            pages.ifPresent(HttpPages::close);
            held.close();
            sign.withdraw();
            slot.close();
        }
    }

    /// What a timer's task throws would end the timer silently: it is logged, and the task tries again at its
    /// next turn.
    private Runnable steady(String purpose, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Unavailable outage) {
                LOG.warn("cannot {}: {}", purpose, outage.getMessage());
            } catch (RuntimeException defect) {
                LOG.error("cannot {}, by a defect of ours", purpose, defect);
            } catch (Error fatal) {
                failure.completeExceptionally(fatal);
            }
        };
    }

    private void expire(OverdueReviews overdue) {
        try {
            overdue.turn(clock.instant());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// So seldom that no client is kept for it.
    private static void expire(IntakeSettings kafka, JobRecord job, Instant now)
            throws JobFailure, InterruptedException {
        try (var submitter = new JobSubmitter(kafka)) {
            submitter.decide(
                    job,
                    Decision.Word.EXPIRED,
                    "belay worker",
                    Optional.empty(),
                    new JobSubmitter.Patience(EXPIRY_PATIENCE, now));
        }
    }

    private void prune(JournalPruning pruning) {
        try {
            pruning.turn(clock.instant());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sweep(Saga saga) {
        for (Sweep.Finding finding : saga.sweep()) {
            if (finding.removed()) {
                LOG.info("swept {} of attempt {}: {}", finding.what(), finding.operation(), finding.why());
            } else {
                LOG.debug("kept {} of attempt {}: {}", finding.what(), finding.operation(), finding.why());
            }
        }
    }
}
