package dev.belay.intake;

import dev.belay.fault.FaultPoint;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The poll loop: takes messages from the partitions this worker owns and hands them on. Does no work of its own, so
/// that it polls while jobs run, however long.
///
/// What cannot be taken now (the window is full, a retry is not due, there is an outage) is left where it is: the
/// partition is paused and set back, nothing is kept here.
final class JobConsumer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JobConsumer.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_OBSERVATIONS = Duration.ofSeconds(1);

    /// What the poll loop works with.
    ///
    /// @param next       takes the messages, in the order of their partition; must return at once
    /// @param mayTake    whether messages may be taken at all just now
    /// @param beforePoll for tests: is run before each poll
    record Parts(Consumer<Delivered.Taken> next, BooleanSupplier mayTake, Runnable beforePoll) {}

    private final IntakeSettings settings;
    private final Parts parts;
    private final InstantSource clock;
    private final MetadataWatch metadata = new MetadataWatch();
    private final Pace pace;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Partitions partitions;
    private final BrokerSilence silence;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    private volatile boolean draining;
    private volatile boolean halted;
    private volatile List<IntakeStatus.Partition> observed = List.of();
    private volatile long turnedAt = System.nanoTime();
    private long observeAt;

    /// What makes the client, which tells the watch of what it learns.
    @FunctionalInterface
    interface Clients {
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer(MetadataWatch watch);
    }

    JobConsumer(IntakeSettings settings, Parts parts, Partitions.Parts keeping, Clients clients, InstantSource clock) {
        this.settings = settings;
        this.parts = parts;
        this.clock = clock;
        pace = keeping.standings().pace();
        consumer = clients.consumer(metadata);
        partitions = new Partitions(settings, keeping, consumer);
        silence = new BrokerSilence(consumer::metrics);
    }

    /// Completes exceptionally, with a [JobFailure] or an error, when the loop cannot go on.
    CompletableFuture<Void> failure() {
        return failure;
    }

    /// Takes nothing more, but stays a member of the group.
    void drain() {
        draining = true;
    }

    /// Ends the loop.
    void halt() {
        halted = true;
    }

    /// Closes a loop that was never run.
    void closeUnused() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }

    /// The partitions as they were a moment ago.
    List<IntakeStatus.Partition> observed() {
        return observed;
    }

    /// How long ago the loop has turned; while a broker is away it turns too.
    Duration silentFor() {
        return Duration.ofNanos(System.nanoTime() - turnedAt);
    }

    /// How long no byte has come from a broker.
    Duration brokerSilentFor() {
        return silence.lasts();
    }

    @Override
    public void run() {
        try {
            var topics = new ArrayList<String>();
            topics.add(settings.topics().jobs());
            for (int number = 1; number <= settings.retryTopics(); number++) {
                topics.add(settings.topics().retry(number));
            }
            consumer.subscribe(topics, partitions);
            while (!halted) {
                tick();
            }
        } catch (JobFailure fatal) {
            failure.completeExceptionally(fatal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            failure.completeExceptionally(new JobFailure(
                    new Failure.Unknown(FailureCode.INTERNAL, "the poll loop broke: " + defect, Place.NONE), defect));
        } catch (Error fatal) {
            failure.completeExceptionally(fatal);
        } finally {
            closeConsumer();
            partitions.endAll();
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE));
        } catch (KafkaException e) {
            LOG.debug("the consumer did not close well", e);
        }
    }

    /// Only the poll is tried again: what fails once records are taken ends the loop, and with it the worker, or they
    /// would be passed over.
    private void tick() throws JobFailure, InterruptedException {
        turnedAt = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records;
        try {
            adoptFreshIfPossible();
            adjustPauses();
            parts.beforePoll().run();
            records = consumer.poll(POLL);
            if (metadata.isUpdated()) {
                lookAtTopics(records);
            }
        } catch (KafkaException e) {
            failIfForGood(e);
            LOG.warn("polling failed and is tried again: {}", e.toString());
            pace.pause(AFTER_FAILURE);
            return;
        }
        partitions.tell();
        for (var partition : records.partitions()) {
            take(partition, records.records(partition));
        }
        observe();
    }

    /// The records may be the first of a topic that was made anew, or its end just where the old one was left. When the
    /// broker does not say, the records are left where they are.
    private void lookAtTopics(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        metadata.clear();
        try {
            partitions.leaveTopicsMadeAnew();
        } catch (KafkaException e) {
            metadata.set();
            records.partitions()
                    .forEach(partition -> consumer.seek(
                            partition, records.records(partition).getFirst().offset()));
            throw e;
        }
    }

    private void failIfForGood(KafkaException e) throws JobFailure {
        if (e instanceof FencedInstanceIdException || e instanceof UnreleasedInstanceIdException) {
            throw new JobFailure(
                    new Failure.Configuration(
                            FailureCode.SETTINGS_INVALID,
                            "another worker has taken slot \"%s\" of group \"%s\": give every worker a `worker.slot` of its own; if there is no other, start this one again (its earlier life's last request came late)"
                                    .formatted(settings.slot(), settings.group().id()),
                            Place.NONE),
                    e);
        }
        Optional<JobFailure> refused = Brokers.of(settings).refusal(e);
        if (refused.isPresent()) {
            throw refused.get();
        }
        if (e instanceof UnsupportedVersionException) {
            throw new JobFailure(
                    new Failure.Configuration(
                            FailureCode.BROKER_UNREACHABLE, "Kafka refuses this worker: " + e, Place.NONE),
                    e);
        }
    }

    /// A broker that does not say what is committed keeps the fresh partitions paused, not the loop from
    /// polling.
    private void adoptFreshIfPossible() throws JobFailure, InterruptedException {
        try {
            partitions.adoptFresh();
        } catch (KafkaException e) {
            failIfForGood(e);
            LOG.warn(
                    "what is committed for {} cannot be read and is asked for again: {}",
                    partitions.fresh(),
                    e.toString());
            pace.pause(AFTER_FAILURE);
        }
    }

    private void adjustPauses() {
        boolean mayTake = !draining && parts.mayTake().getAsBoolean();
        var paused = consumer.paused();
        for (var partition : consumer.assignment()) {
            var ownership = partitions.ownership(partition);
            boolean open = ownership != null
                    && mayTake
                    && ownership.isHeld()
                    && ownership.stalled().isEmpty()
                    && !isHeldBack(ownership);
            if (open && paused.contains(partition)) {
                consumer.resume(List.of(partition));
            } else if (!open && !paused.contains(partition)) {
                consumer.pause(List.of(partition));
            }
        }
    }

    private boolean isHeldBack(Ownership ownership) {
        var hold = ownership.hold();
        if (hold == null) {
            return false;
        }
        boolean back =
                hold.dueAt() != null ? clock.instant().isBefore(hold.dueAt()) : !hasEased(ownership, hold.record());
        if (!back) {
            ownership.holdAt(null);
        }
        return back;
    }

    private boolean hasRoom(Ownership ownership, ConsumerRecord<byte[], byte[]> record) {
        long bytes = partitions.owned().stream().mapToLong(Ownership::bytes).sum();
        return ownership.ledger().admits(record.offset())
                && (bytes == 0
                        || bytes + Math.max(0, record.serializedValueSize())
                                <= settings.flow().bufferBytes());
    }

    /// Whether it is worth going on: every start fetches anew, so it waits until half of the room is free.
    private boolean hasEased(Ownership ownership, ConsumerRecord<byte[], byte[]> record) {
        return hasRoom(ownership, record)
                && ownership.ledger().hasEased(record.offset())
                && ownership.bytes() <= settings.flow().bufferBytes() / 2;
    }

    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        var ownership = partitions.ownership(partition);
        if (ownership == null || !ownership.isHeld()) {
            return;
        }
        for (var record : records) {
            if (ownership.ledger().isBehind(record.offset())) {
                partitions.startAgain(ownership, record.offset());
                return;
            }
            if (ownership.ledger().passes(record.offset())) {
                continue;
            }
            Optional<Ownership.Hold> hold = holdOn(ownership, record);
            if (hold.isPresent()) {
                ownership.holdAt(hold.get());
                consumer.pause(List.of(partition));
                consumer.seek(partition, record.offset());
                return;
            }
            var taken = new Delivered.Taken(record, ownership);
            FaultPoint.INTAKE_TAKE.before(KafkaException::new);
            ownership.take(taken);
            parts.next().accept(taken);
            FaultPoint.INTAKE_TAKE.after(KafkaException::new);
        }
    }

    private Optional<Ownership.Hold> holdOn(Ownership ownership, ConsumerRecord<byte[], byte[]> record) {
        if (settings.topics().retryNumber(record.topic()).isPresent()) {
            var dueAt = RetryHeaders.dueAt(record);
            if (clock.instant().isBefore(dueAt)) {
                return Optional.of(new Ownership.Hold(record, dueAt));
            }
        }
        return hasRoom(ownership, record) ? Optional.empty() : Optional.of(new Ownership.Hold(record, null));
    }

    private void observe() {
        if (System.nanoTime() - observeAt < 0) {
            return;
        }
        observeAt = System.nanoTime() + BETWEEN_OBSERVATIONS.toNanos();
        silence.look();
        observed = partitions.owned().stream()
                .map(ownership -> new IntakeStatus.Partition(
                        ownership.partition().topic(),
                        ownership.partition().partition(),
                        ownership.ledger().openCount(),
                        consumer.currentLag(ownership.partition()),
                        ownership.stalled()))
                .toList();
    }
}
