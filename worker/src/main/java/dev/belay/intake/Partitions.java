package dev.belay.intake;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions this worker owns: from their assignment, over what an earlier owner left of them, until they are
/// revoked or lost. Whatever changes here is told as a new [Standing].
///
/// Used on the poll thread only; the consumer calls the listener from within a poll or a close.
final class Partitions implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /// What the partitions are kept with.
    ///
    /// @param noneRuns waits until no job of these ownerships runs
    record Parts(String journal, Standings standings, TopicIds topicIds, Patience noneRuns) {}

    /// Waits, but not for ever.
    @FunctionalInterface
    interface Patience {
        boolean await(Set<Ownership> ownerships, Duration patience) throws InterruptedException;
    }

    private final IntakeSettings settings;
    private final Parts parts;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Ownership> owned = new HashMap<>();
    private final Set<TopicPartition> fresh = new HashSet<>();
    // Where to begin in those of the fresh partitions that were taken before and are not what they were.
    private final Map<TopicPartition, Begin> begunAnew = new HashMap<>();

    Partitions(IntakeSettings settings, Parts parts, Consumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.parts = parts;
        this.consumer = consumer;
    }

    @Nullable Ownership ownership(TopicPartition partition) {
        return owned.get(partition);
    }

    Collection<Ownership> owned() {
        return owned.values();
    }

    /// Those that were assigned and wait for [#adoptFresh()].
    Set<TopicPartition> fresh() {
        return Set.copyOf(fresh);
    }

    /// Says what is owned now, under which membership.
    void tell() {
        parts.standings().publish(consumer.groupMetadata(), Set.copyOf(owned.values()));
    }

    /// The loop is over: nothing is owned any more.
    void endAll() {
        owned.values().forEach(Ownership::end);
    }

    /// Reads what an earlier owner left of partitions that have just come. They stay paused until that is
    /// known.
    void adoptFresh() throws JobFailure, InterruptedException {
        if (fresh.isEmpty()) {
            return;
        }
        var ids = parts.topicIds().of(fresh.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        var committed = consumer.committed(Set.copyOf(fresh), ASK);
        Optional<KafkaException> unknown = Optional.empty();
        for (var partition : List.copyOf(fresh)) {
            String topicId = ids.get(partition.topic());
            if (topicId == null) {
                continue;
            }
            try {
                var anew = begunAnew.get(partition);
                var begin = anew == null ? begin(partition, topicId, committed.get(partition)) : anew;
                owned.put(partition, go(partition, topicId, begin));
                begunAnew.remove(partition);
                fresh.remove(partition);
            } catch (KafkaException silent) {
                // One partition without a leader does not keep the others from being taken.
                unknown = Optional.of(silent);
            }
        }
        if (unknown.isPresent()) {
            throw unknown.get();
        }
    }

    /// Where a partition ends now. Asked only where it is needed: it takes the partition's own leader to answer.
    private long end(TopicPartition partition) {
        Long end = consumer.endOffsets(Set.of(partition), ASK).get(partition);
        if (end == null) {
            throw new TimeoutException("the broker does not say where " + partition + " ends");
        }
        return end;
    }

    /// Where a partition is taken from.
    ///
    /// @param marks       empty for its first message
    /// @param unsureBelow see [Ownership#unsureBelow()]
    private record Begin(Optional<OffsetLedger.Marks> marks, long unsureBelow) {
        static Begin at(long offset, long unsureBelow) {
            return new Begin(Optional.of(new OffsetLedger.Marks(offset, new BitSet())), unsureBelow);
        }

        static Begin first(long unsureBelow) {
            return new Begin(Optional.empty(), unsureBelow);
        }
    }

    private Ownership go(TopicPartition partition, String topicId, Begin begin) {
        int window = settings.flow().window();
        if (begin.marks().isEmpty()) {
            consumer.seekToBeginning(List.of(partition));
            return new Ownership(partition, topicId, new OffsetLedger(window), begin.unsureBelow());
        }
        var marks = begin.marks().get();
        consumer.seek(partition, marks.watermark());
        return new Ownership(partition, topicId, new OffsetLedger(window, marks), begin.unsureBelow());
    }

    /// What the committed offset says. Where it does not say it in our words, anything that is in the partition now may
    /// have been announced by an earlier owner.
    private Begin begin(TopicPartition partition, String topicId, @Nullable OffsetAndMetadata committed)
            throws JobFailure {
        if (committed == null) {
            return Begin.first(end(partition));
        }
        long offset = committed.offset();
        return switch (OffsetMetadata.decode(committed.metadata(), parts.journal())) {
            case OffsetMetadata.Reading.Nothing _ -> Begin.at(offset, end(partition));
            case OffsetMetadata.Reading.Settled settled
            when settled.isOf(topicId) ->
                new Begin(Optional.of(new OffsetLedger.Marks(offset, settled.bits())), settled.unsureBelow());
            case OffsetMetadata.Reading.Settled _ -> {
                LOG.warn("{}: the committed offset {} is that of an earlier topic of this name", partition, offset);
                yield Begin.first(0);
            }
            case OffsetMetadata.Reading.Garbled garbled -> {
                LOG.warn(
                        "{}: the text beside committed offset {} is not ours ({}); messages above it are handed to the journal again, which knows what is done",
                        partition,
                        offset,
                        garbled.reason());
                yield Begin.at(offset, end(partition));
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
                        "the offsets of partition %s were committed by a newer Belay (format %d): upgrade this worker"
                                .formatted(partition, newer.version()));
        };
    }

    /// Asks whether the topics are those that their partitions were adopted of. What is of another is not owned any
    /// more and begins with its first message: positions and jobs of the old one mean nothing there.
    void leaveTopicsMadeAnew() throws InterruptedException {
        var topics = owned.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        var ids = parts.topicIds().of(topics);
        for (var ownership : List.copyOf(owned.values())) {
            String now = ids.get(ownership.partition().topic());
            if (now != null && !now.equals(ownership.topicId())) {
                LOG.warn(
                        "the topic of {} was deleted and made again: what is in it now is new, what was taken of the old one is let go",
                        ownership.partition());
                beginAnew(ownership, Begin.at(0, 0));
            }
        }
    }

    /// The log ends before what was seen of it: a broker lost records it had acknowledged. What is there now is new, or
    /// comes again; so what was said of it below the offset that was seen last is looked for.
    void startAgain(Ownership ownership, long offset) {
        LOG.warn("{} has gone back to offset {}: its messages are taken as new ones", ownership.partition(), offset);
        beginAnew(ownership, Begin.at(offset, ownership.ledger().next()));
    }

    private void beginAnew(Ownership ownership, Begin begin) {
        var partition = ownership.partition();
        ownership.end();
        owned.remove(partition);
        tell();
        consumer.pause(List.of(partition));
        fresh.add(partition);
        begunAnew.put(partition, begin);
    }

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
        tell();
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
            var ownership = owned.get(partition);
            if (ownership != null) {
                going.add(ownership);
            }
        }
        return going;
    }

    private void settleWithin(Duration patience, Set<Ownership> ending) throws InterruptedException {
        var pace = parts.standings().pace();
        long end = pace.nanoTime() + patience.toNanos();
        if (!parts.noneRuns().await(ending, patience)) {
            LOG.warn("jobs of {} did not reach a safe point within {}", ending, patience);
            return;
        }
        while (pace.nanoTime() - end < 0
                && ending.stream()
                        .anyMatch(one -> !one.isAnnounced() && one.stalled().isEmpty())) {
            pace.pause(BETWEEN_LOOKS);
        }
    }

    private void gone(Set<Ownership> going) {
        going.forEach(Ownership::end);
        going.forEach(ownership -> owned.remove(ownership.partition()));
        if (!going.isEmpty()) {
            tell();
        }
    }
}
