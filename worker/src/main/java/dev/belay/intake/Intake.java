package dev.belay.intake;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.JobRecord;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's side of one worker: takes job messages, hands them to the [JobHandler], and says how they ended, exactly
/// once for every `read_committed` consumer.
///
/// ```
///   poll thread ──► sorter ──► lane per dataset ──► announcer ──► one Kafka transaction
///    takes, pauses   parses     threads of their own its own thread: events, retry or dead letter, offsets
/// ```
/// NEW → RUNNING → STOPPED. Safe for many threads; a stop may come twice, or before the start.
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration DEFAULT_STOP = Duration.ofSeconds(20);
    private static final Duration ASK = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final short EXACT_TRANSACTIONS = 2;

    private enum State {
        NEW,
        RUNNING,
        STOPPED
    }

    /// What intake works for.
    ///
    /// @param journalId that of the journal behind the handler; committed with every offset
    /// @param announced hears which announcements are out; may fail, that is only logged
    public record Parts(JobHandler handler, String journalId, Consumer<List<AnnouncementKey>> announced) {}

    /// Where tests take hold.
    ///
    /// @param beforePoll   run on the poll thread before each poll
    /// @param producer     put around each transactional producer
    record Hooks(Runnable beforePoll, UnaryOperator<Producer<byte[], byte[]>> producer) {
        static final Hooks NONE = new Hooks(() -> {}, UnaryOperator.identity());
    }

    private final IntakeSettings settings;
    private final Brokers brokers;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final OutageBreaker breaker;
    private final Dispatcher dispatcher;
    private final JobRecordParser parser;
    private final OutgoingRecords records;
    private final Announcer announcer;
    private final TransactionalSender sender;
    private final JobConsumer consumer;
    private final Notices notices;
    private final AnnouncedNotes notes;
    private final Admin admin;
    private final ExecutorService sorter;
    private final Thread pollThread;
    private final Thread announcerThread;

    // Guards the state.
    private final Object lock = new Object();
    private State state = State.NEW;

    /// Makes the clients; nothing is asked of the broker before [#start()].
    ///
    /// @throws JobFailure `SETTINGS_INVALID` when no client can be made of the settings
    public Intake(IntakeSettings settings, Parts parts, InstantSource clock) throws JobFailure {
        this(settings, parts, clock, Hooks.NONE);
    }

    Intake(IntakeSettings settings, Parts parts, InstantSource clock, Hooks hooks) throws JobFailure {
        this.settings = settings;
        brokers = Brokers.of(settings);
        var properties = new ClientProperties(settings.kafka());
        brokers.check(ConsumerConfig.configDef(), properties.jobConsumer(settings));
        brokers.check(ProducerConfig.configDef(), properties.announcer(settings));
        admin = brokers.admin(properties.admin());
        breaker = new OutageBreaker(steady());
        notices = new Notices(settings, clock);
        notes = new AnnouncedNotes(parts.announced(), this::broke);
        records = new OutgoingRecords(settings, clock);
        parser = new JobRecordParser(settings);
        sorter = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("belay-sorter").factory());
        var standings = new Standings(Pace.REAL);
        sender = new TransactionalSender(
                () -> hooks.producer().apply(new KafkaProducer<>(properties.announcer(settings))),
                properties.givesUpAfter(settings).plus(MARGIN));
        var committed = new CommittedOffsets(admin, settings.group().id());
        announcer = new Announcer(
                new Announcer.Parts(parts.journalId(), settings.topics().events(), sender, committed, notes::add),
                standings);
        dispatcher = new Dispatcher(
                settings.flow().concurrency(), runner(parts.handler()), breaker, Dispatcher.Threads.platform());
        var taking = new JobConsumer.Parts(this::next, dispatcher::mayTake, hooks.beforePoll());
        var keeping = new Partitions.Parts(
                parts.journalId(),
                standings,
                new TopicIds(admin),
                (ownerships, patience) -> dispatcher.awaitNone(
                        job -> ownerships.contains(job.taken().ownership()), patience));
        consumer = new JobConsumer(
                settings,
                taking,
                keeping,
                watch -> new KafkaConsumer<>(properties.jobConsumer(settings), watch, new MetadataWatch()),
                clock);
        pollThread = Thread.ofPlatform().daemon().name("belay-poll").unstarted(consumer);
        announcerThread = Thread.ofPlatform().daemon().name("belay-announcer").unstarted(vital(announcer));
    }

    private JobRunner runner(JobHandler handler) {
        var parts = new JobRunner.Parts(
                handler,
                records,
                job -> settings.emission().notices() ? notices.of(job) : JobListener.SILENT,
                new SaidBefore(settings),
                announcer::announce,
                this::broke);
        return new JobRunner(parts, breaker, this::isStopping);
    }

    /// Nothing goes on after an error: what was written cannot be trusted, and what was decided is in the
    /// journal.
    private void broke(Throwable fatal) {
        LOG.error("intake ends: {}", fatal.toString());
        dispatcher.stop();
        consumer.drain();
        announcer.abandon();
        failure.completeExceptionally(fatal);
    }

    /// Work that the worker cannot be without. When it breaks, the worker ends: it would live on, polling and
    /// beating, and do nothing.
    private Runnable vital(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException defect) {
                broke(new JobFailure(
                        new Failure.Unknown(FailureCode.INTERNAL, "a part of intake broke: " + defect, Place.NONE),
                        defect));
            } catch (Error fatal) {
                broke(fatal);
            }
        };
    }

    /// How long an outage has lasted does not depend on a clock that somebody sets.
    private static InstantSource steady() {
        long start = System.nanoTime();
        return () -> Instant.EPOCH.plusNanos(System.nanoTime() - start);
    }

    private boolean isStopping() {
        return dispatcher.isStopping();
    }

    private void next(Delivered.Taken taken) {
        try {
            sorter.execute(vital(() -> sort(taken)));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("{} came during the stop and is left where it is", taken);
        }
    }

    private void sort(Delivered.Taken taken) {
        switch (parsed(taken)) {
            case Delivered.Job job -> dispatcher.submit(job);
            case Delivered.Refused refused -> {
                LOG.warn(
                        "{} is no job and goes to {}: {} {}",
                        taken,
                        settings.topics().deadLetters(),
                        refused.refusal().code(),
                        refused.refusal().message());
                announcer.announce(records.refused(refused));
            }
        }
    }

    /// A message that the parser cannot cope with must not stop its partition for ever.
    private Delivered parsed(Delivered.Taken taken) {
        try {
            return parser.parse(taken);
        } catch (RuntimeException defect) {
            LOG.error("{} cannot be read by a defect of ours", taken, defect);
            return parser.unreadable(taken, defect);
        }
    }

    /// Checks what must be there, ends what an earlier life of this slot left open, and begins to take
    /// messages.
    ///
    /// @throws JobFailure `TOPICS_MISSING`, `BROKER_FORBIDDEN`, `BROKER_TLS_FAILED` or
    /// `BROKER_UNREACHABLE`; nothing runs then, and it may not be started again
    public void start() throws JobFailure, InterruptedException {
        synchronized (lock) {
            if (state != State.NEW) {
                throw new IllegalStateException("an intake is started once");
            }
            try {
                checkRights();
                checkTopics();
                checkTransactions();
                sender.begin();
            } catch (KafkaException e) {
                throw brokers.failure(e);
            }
            state = State.RUNNING;
            var _ = consumer.failure().whenComplete((_, fatal) -> {
                if (fatal != null) {
                    LOG.error("intake ends: {}", fatal.getMessage());
                    dispatcher.stop();
                    failure.completeExceptionally(fatal);
                }
            });
            notices.start();
            announcerThread.start();
            pollThread.start();
        }
    }

    private void checkRights() throws JobFailure, InterruptedException {
        List<String> missing = new Rights(settings, admin, ASK).missing(brokers);
        if (!missing.isEmpty()) {
            throw JobFailure.configuration(
                    FailureCode.BROKER_FORBIDDEN,
                    "Kafka at %s does not give the worker's user what it needs: %s"
                            .formatted(brokers.servers(), String.join(", ", missing)));
        }
    }

    private void checkTopics() throws JobFailure, InterruptedException {
        try (var topics = new TopicAdmin(settings, ASK)) {
            var missing = topics.missing();
            missing.remove(settings.topics().control());
            if (!missing.isEmpty()) {
                throw JobFailure.configuration(
                        FailureCode.TOPICS_MISSING,
                        "topics %s do not exist at %s; `belay topics create` makes them"
                                .formatted(missing, brokers.servers()));
            }
        }
    }

    private void checkTransactions() throws InterruptedException {
        try {
            var features = admin.describeFeatures()
                    .featureMetadata()
                    .get(ASK.toMillis(), TimeUnit.MILLISECONDS)
                    .finalizedFeatures();
            var transactions = features.get("transaction.version");
            if (transactions == null || transactions.maxVersionLevel() < EXACT_TRANSACTIONS) {
                LOG.warn(
                        "the broker's transaction.version is below 2: a late message of an aborted transaction may hold up readers; `kafka-features.sh upgrade --feature transaction.version=2` raises it");
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("the broker does not say its transaction version: {}", e.toString());
        }
    }

    /// Completes exceptionally when the worker cannot go on: with a [JobFailure] (`FOREIGN_JOURNAL`, a slot that
    /// another worker has taken) or with the error that came out of a job, such as [dev.belay.job.FsyncFailed].
    public CompletableFuture<Void> failure() {
        return failure;
    }

    /// How long its poll loop has not come round; some tenths of a second when all is well, also while
    /// Kafka or a store is away.
    public Duration silentFor() {
        return consumer.silentFor();
    }

    /// What goes on just now.
    public IntakeStatus status() {
        return new IntakeStatus(
                !breaker.isClosed(), consumer.brokerSilentFor(), sent(announcer.sent()), consumer.observed());
    }

    private IntakeStatus.Sent sent(Map<String, Long> byTopic) {
        long events = byTopic.getOrDefault(settings.topics().events(), 0L);
        long deadLetters = byTopic.getOrDefault(settings.topics().deadLetters(), 0L);
        long all = byTopic.values().stream().mapToLong(Long::longValue).sum();
        return new IntakeStatus.Sent(events, all - events - deadLetters, deadLetters);
    }

    /// Which finished jobs Kafka could deliver again, as its logs are now.
    ///
    /// @param endedBefore the jobs that will be asked about have ended before
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public Predicate<JobRecord> deliverable(Instant endedBefore) throws JobFailure, InterruptedException {
        try {
            return LogReach.ask(admin, settings.topics(), settings.retryTopics(), endedBefore);
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// Whether no end of a job is on its way to the broker; for tests.
    boolean isQuiet() {
        return announcer.isIdle();
    }

    /// Stops: takes nothing more, asks running jobs to reach a safe point, announces what has ended, leaves.
    ///
    /// What does not make it within the deadline is let go: the next worker goes on with it.
    ///
    /// @return whether everything that had begun was brought to a safe point and announced
    public boolean stop(Duration deadline) throws InterruptedException {
        synchronized (lock) {
            if (state == State.STOPPED) {
                return true;
            }
            boolean ran = state == State.RUNNING;
            state = State.STOPPED;
            return ran ? stopRunning(deadline) : letGoOfClients();
        }
    }

    private boolean stopRunning(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        consumer.drain();
        dispatcher.stop();
        boolean quiet = dispatcher.awaitNone(_ -> true, Duration.ofNanos(end - System.nanoTime()));
        sorter.shutdown();
        quiet &= sorter.awaitTermination(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        while (!announcer.isIdle()
                && pollThread.isAlive()
                && announcerThread.isAlive()
                && System.nanoTime() - end < 0) {
            Pace.REAL.pause(BETWEEN_LOOKS);
        }
        quiet &= announcer.isIdle();
        announcer.abandon();
        announcerThread.join(LAST_WORDS);
        consumer.halt();
        pollThread.join(LAST_WORDS);
        dispatcher.close();
        notices.close();
        notes.close();
        admin.close(Duration.ofSeconds(1));
        if (!quiet) {
            LOG.warn("stopped at the deadline of {}: what had not ended is redone by the next worker", deadline);
        }
        return quiet;
    }

    private boolean letGoOfClients() {
        sorter.shutdown();
        sender.close();
        consumer.closeUnused();
        dispatcher.close();
        notices.closeUnused();
        notes.close();
        admin.close(Duration.ofSeconds(1));
        return true;
    }

    /// Stops within 20 s.
    @Override
    public void close() {
        try {
            stop(DEFAULT_STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
