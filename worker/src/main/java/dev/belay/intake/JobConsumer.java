package dev.belay.intake;

import dev.belay.fault.FaultPoint;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
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
    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration BETWEEN_OBSERVATIONS = Duration.ofSeconds(1);

    /// What the poll loop works with.
    ///
    /// @param next       takes the messages, in the order of their partition; must return at once
    /// @param mayTake    whether messages may be taken at all just now
    /// @param noneRuns   waits until no job of these ownerships runs
    /// @param beforePoll for tests: is run before each poll
    record Parts(
            String journal,
            Consumer<Delivered.Taken> next,
            BooleanSupplier mayTake,
            Patience noneRuns,
            Runnable beforePoll) {}

    /// Waits, but not for ever.
    @FunctionalInterface
    interface Patience {
        boolean await(Set<Ownership> ownerships, Duration patience) throws InterruptedException;
    }

    private final IntakeSettings settings;
    private final Parts parts;
    private final Standings standings;
    private final TopicIds topicIds;
    private final InstantSource clock;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    private final Map<TopicPartition, Ownership> owned = new HashMap<>();
    private final Set<TopicPartition> fresh = new HashSet<>();
    // Where to begin in those of the fresh partitions that were taken before and are not what they were.
    private final Map<TopicPartition, Long> begunAnew = new HashMap<>();
    private final Map<TopicPartition, Hold> holds = new HashMap<>();
    private volatile boolean draining;
    private volatile boolean halted;
    private volatile List<IntakeStatus.Partition> observed = List.of();
    private long observeAt;

    /// Why a partition is set back to an offset: not due before a time, or no room.
    private record Hold(
            ConsumerRecord<byte[], byte[]> record, @Nullable Instant dueAt) {}

    JobConsumer(IntakeSettings settings, Parts parts, Standings standings, TopicIds topicIds, InstantSource clock) {
        this.settings = settings;
        this.parts = parts;
        this.standings = standings;
        this.topicIds = topicIds;
        this.clock = clock;
        consumer = new KafkaConsumer<>(new ClientProperties(settings.kafka()).jobConsumer(settings));
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

    @Override
    public void run() {
        try {
            var topics = new ArrayList<String>();
            topics.add(settings.topics().jobs());
            for (int number = 1; number <= settings.retryTopics(); number++) {
                topics.add(settings.topics().retry(number));
            }
            consumer.subscribe(topics, new Rebalances());
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
            owned.values().forEach(Ownership::end);
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE));
        } catch (KafkaException e) {
            LOG.debug("the consumer did not close well", e);
        }
    }

    /// Only the poll is tried again: what fails once records are here ends the loop, and with it the worker, or they
    /// would be passed over.
    private void tick() throws JobFailure, InterruptedException {
        ConsumerRecords<byte[], byte[]> records;
        try {
            adoptFreshIfPossible();
            adjustPauses();
            parts.beforePoll().run();
            records = consumer.poll(POLL);
        } catch (KafkaException e) {
            failIfForGood(e);
            LOG.warn("polling failed and is tried again: {}", e.toString());
            Standings.pause(AFTER_FAILURE);
            return;
        }
        standings.publish(consumer.groupMetadata(), Set.copyOf(owned.values()));
        for (var partition : records.partitions()) {
            take(partition, records.records(partition));
        }
        observe();
    }

    private void failIfForGood(KafkaException e) throws JobFailure {
        if (e instanceof FencedInstanceIdException || e instanceof UnreleasedInstanceIdException) {
            throw new JobFailure(
                    new Failure.Configuration(
                            FailureCode.SETTINGS_INVALID,
                            "another worker has taken slot \"%s\" of group \"%s\"; give every worker a `worker.slot` of its own"
                                    .formatted(settings.slot(), settings.group().id()),
                            Place.NONE),
                    e);
        }
        if (e instanceof AuthorizationException
                || e instanceof AuthenticationException
                || e instanceof UnsupportedVersionException) {
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
            adoptFresh();
        } catch (KafkaException e) {
            failIfForGood(e);
            LOG.warn("what is committed for {} cannot be read and is asked for again: {}", fresh, e.toString());
            Standings.pause(AFTER_FAILURE);
        }
    }

    /// Reads what an earlier owner left of partitions that have just come. They stay paused until that is
    /// known.
    private void adoptFresh() throws JobFailure, InterruptedException {
        if (fresh.isEmpty()) {
            return;
        }
        topicIds.refresh(fresh.stream().map(TopicPartition::topic).distinct().toList());
        var committed = consumer.committed(Set.copyOf(fresh), ASK);
        for (var partition : List.copyOf(fresh)) {
            var offset = committed.get(partition);
            var ledger = new OffsetLedger(settings.flow().window());
            var anew = begunAnew.remove(partition);
            if (anew != null) {
                consumer.seek(partition, anew);
            } else if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                ledger = new OffsetLedger(
                        settings.flow().window(), marks(partition, offset.offset(), offset.metadata()));
                consumer.seek(partition, offset.offset());
            }
            owned.put(partition, new Ownership(partition, ledger));
            fresh.remove(partition);
        }
    }

    private OffsetLedger.Marks marks(TopicPartition partition, long offset, String metadata) throws JobFailure {
        return switch (OffsetMetadata.decode(metadata, parts.journal())) {
            case OffsetMetadata.Reading.Nothing _ -> new OffsetLedger.Marks(offset, new BitSet());
            case OffsetMetadata.Reading.Settled settled -> new OffsetLedger.Marks(offset, settled.bits());
            case OffsetMetadata.Reading.Garbled garbled -> {
                LOG.warn(
                        "{}: the text beside committed offset {} is not ours ({}); messages above it are handed to the journal again, which knows what is done",
                        partition,
                        offset,
                        garbled.reason());
                yield new OffsetLedger.Marks(offset, new BitSet());
            }
            case OffsetMetadata.Reading.Foreign foreign ->
                throw JobFailure.configuration(
                        FailureCode.FOREIGN_JOURNAL,
                        "partition %s was last owned by a worker with journal %s; this worker's journal is %s. Workers of group \"%s\" must share one journal: check `journal.url`, or give this worker another group and topics"
                                .formatted(
                                        partition,
                                        foreign.journal(),
                                        parts.journal(),
                                        settings.group().id()));
            case OffsetMetadata.Reading.Newer newer ->
                throw JobFailure.configuration(
                        FailureCode.JOURNAL_TOO_NEW,
                        "the offsets of partition %s were committed by a newer Belay (format %d, this one knows 1)"
                                .formatted(partition, newer.version()));
        };
    }

    private void adjustPauses() {
        boolean mayTake = !draining && parts.mayTake().getAsBoolean();
        var paused = consumer.paused();
        for (var partition : consumer.assignment()) {
            var ownership = owned.get(partition);
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
        var hold = holds.get(ownership.partition());
        if (hold == null) {
            return false;
        }
        boolean back =
                hold.dueAt() != null ? clock.instant().isBefore(hold.dueAt()) : !hasEased(ownership, hold.record());
        if (!back) {
            holds.remove(ownership.partition());
        }
        return back;
    }

    private boolean hasRoom(Ownership ownership, ConsumerRecord<byte[], byte[]> record) {
        long bytes = owned.values().stream().mapToLong(Ownership::bytes).sum();
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
        var ownership = owned.get(partition);
        if (ownership == null || !ownership.isHeld()) {
            return;
        }
        for (var record : records) {
            if (ownership.ledger().isBehind(record.offset())) {
                startAgain(ownership, record.offset());
                return;
            }
            if (ownership.ledger().passes(record.offset())) {
                continue;
            }
            Optional<Hold> hold = holdOn(ownership, record);
            if (hold.isPresent()) {
                holds.put(partition, hold.get());
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

    private Optional<Hold> holdOn(Ownership ownership, ConsumerRecord<byte[], byte[]> record) {
        if (settings.topics().retryNumber(record.topic()).isPresent()) {
            var dueAt = RetryHeaders.dueAt(record);
            if (clock.instant().isBefore(dueAt)) {
                return Optional.of(new Hold(record, dueAt));
            }
        }
        return hasRoom(ownership, record) ? Optional.empty() : Optional.of(new Hold(record, null));
    }

    /// The log ends before what was seen of it (its topic was made anew, or a broker lost records it had
    /// acknowledged): what is there now is new. The topic's id is asked for again before anything is taken, because
    /// it tells old messages from new ones.
    private void startAgain(Ownership ownership, long offset) {
        LOG.warn("{} has gone back to offset {}: its messages are taken as new ones", ownership.partition(), offset);
        var partition = ownership.partition();
        ownership.end();
        owned.remove(partition);
        holds.remove(partition);
        standings.publish(consumer.groupMetadata(), Set.copyOf(owned.values()));
        consumer.pause(List.of(partition));
        fresh.add(partition);
        begunAnew.put(partition, offset);
    }

    private void observe() {
        if (System.nanoTime() - observeAt < 0) {
            return;
        }
        observeAt = System.nanoTime() + BETWEEN_OBSERVATIONS.toNanos();
        observed = owned.values().stream()
                .map(ownership -> new IntakeStatus.Partition(
                        ownership.partition().toString(),
                        ownership.ledger().openCount(),
                        consumer.currentLag(ownership.partition()),
                        ownership.stalled()))
                .toList();
    }

    /// Called by the consumer on the poll thread, from within a poll or a close.
    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                LOG.info("assigned {} partitions", partitions.size());
                LOG.debug("assigned: {}", partitions);
            }
            consumer.pause(partitions);
            fresh.addAll(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            var ending = going(partitions);
            if (ending.isEmpty()) {
                return;
            }
            LOG.info("revoked {} partitions", partitions.size());
            LOG.debug("revoked: {}", partitions);
            ending.forEach(Ownership::beginEnding);
            standings.publish(consumer.groupMetadata(), Set.copyOf(owned.values()));
            try {
                settleWithin(settings.group().revokeWithin(), ending);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            gone(ending);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            var lost = going(partitions);
            if (!lost.isEmpty()) {
                LOG.warn("lost: {}; what runs there stops, its new owner goes on with it", partitions);
            }
            gone(lost);
        }

        private Set<Ownership> going(Collection<TopicPartition> partitions) {
            fresh.removeAll(partitions);
            begunAnew.keySet().removeAll(partitions);
            var going = new HashSet<Ownership>();
            for (var partition : partitions) {
                holds.remove(partition);
                var ownership = owned.get(partition);
                if (ownership != null) {
                    going.add(ownership);
                }
            }
            return going;
        }

        private void settleWithin(Duration patience, Set<Ownership> ending) throws InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            if (!parts.noneRuns().await(ending, patience)) {
                LOG.warn("jobs of {} did not reach a safe point within {}", ending, patience);
                return;
            }
            while (System.nanoTime() - end < 0
                    && ending.stream()
                            .anyMatch(one -> !one.isAnnounced() && one.stalled().isEmpty())) {
                Standings.pause(BETWEEN_LOOKS);
            }
        }

        private void gone(Set<Ownership> going) {
            going.forEach(Ownership::end);
            going.forEach(ownership -> owned.remove(ownership.partition()));
            if (!going.isEmpty()) {
                standings.publish(consumer.groupMetadata(), Set.copyOf(owned.values()));
            }
        }
    }
}
