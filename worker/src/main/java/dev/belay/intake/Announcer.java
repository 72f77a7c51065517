package dev.belay.intake;

import dev.belay.intake.TransactionalSender.End;
import dev.belay.journal.AnnouncementKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says how messages have ended, each exactly once: events, retry or dead-letter record, and offset in one Kafka
/// transaction, under a [Standing] that the poll thread gave for the partition.
///
/// ```
///   finished ─► covered by the newest standing? ─ no ─► dropped: the new owner announces it
///                  │ yes
///                  ▼
///              transaction ─ committed ─► ledger, journal
///                  ├─ fenced ──► wait for a newer standing, again
///                  ├─ aborted ─► back off, again; a record that cannot be written stalls its partition
///                  └─ unknown ─► new producer, read the committed offsets: what is in them is out, the rest again
/// ```
/// Nothing is sent twice: a transaction that went through has moved its offsets, and they are read before sending
/// again.
final class Announcer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int MOST_AT_ONCE = 50;
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

    /// What the announcer works with.
    ///
    /// @param committed reads offsets and topics from the broker
    /// @param out       hears which announcements are out
    record Parts(
            String journal,
            String eventsTopic,
            TransactionalSender sender,
            CommittedOffsets committed,
            Consumer<List<AnnouncementKey>> out) {}

    private final Parts parts;
    private final Standings standings;
    private final BlockingQueue<Finished> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger unsettled = new AtomicInteger();
    // Counted by the announcer's thread, by topic.
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Stalled stalled;
    // Topics that were missing when it was last looked; used by the announcer's thread only.
    private Set<String> missing = Set.of();
    private volatile boolean abandoned;

    Announcer(Parts parts, Standings standings) {
        this.parts = parts;
        this.standings = standings;
        stalled = new Stalled(standings.pace());
    }

    /// Takes a message whose hop has ended.
    void announce(Finished finished) {
        unsettled.incrementAndGet();
        finished.ownership().finished();
        queue.add(finished);
    }

    /// Whether nothing is left to say, but for what cannot be written.
    boolean isIdle() {
        return unsettled.get() == stalled.size();
    }

    /// Whether some of what is left cannot be written for now and is tried again by itself.
    boolean hasStalled() {
        return stalled.size() > 0;
    }

    /// How many records are out, by topic.
    Map<String, Long> sent() {
        return Map.copyOf(sent);
    }

    /// Gives up at the next opportunity.
    void abandon() {
        abandoned = true;
    }

    @Override
    public void run() {
        try {
            while (!abandoned) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.sender().close();
        }
    }

    /// Announces what has come, and now and then what had to wait; waits a little when there is nothing.
    void turn() throws InterruptedException {
        var batch = nextBatch();
        if (!batch.isEmpty()) {
            announceAll(batch);
        }
        if (stalled.isDue()) {
            tryStalled(stalled.takeAll());
        }
    }

    private List<Finished> nextBatch() throws InterruptedException {
        var batch = new ArrayList<Finished>();
        var first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, MOST_AT_ONCE - 1);
        }
        return batch;
    }

    /// Asks for the topics first: sending to one that is missing would hold up everything else.
    private void tryStalled(List<Finished> waiting) throws InterruptedException {
        missing = missingTopics(waiting);
        announceAll(waiting);
    }

    private void announceAll(List<Finished> batch) throws InterruptedException {
        List<Finished> pending = missing.isEmpty() ? batch : stall(batch);
        int fences = 0;
        for (int failures = 0; !pending.isEmpty() && !abandoned; ) {
            var standing = standings.newest();
            if (standing.isEmpty()) {
                standings.awaitAfter(0, IDLE);
                continue;
            }
            pending = coveredBy(standing.get(), pending);
            if (pending.isEmpty()) {
                return;
            }
            switch (transaction(pending, standing.get())) {
                case End.Committed _ -> {
                    settle(pending);
                    return;
                }
                case End.Fenced _ -> {
                    sayFenced(standing.get(), fences++);
                    standings.awaitAfter(standing.get().number(), LONGEST_BACK_OFF);
                }
                case End.Aborted aborted -> pending = afterAbort(pending, aborted, failures++);
                case End.Unknown unknown -> pending = afterUnknown(pending, unknown, failures++);
            }
        }
    }

    /// Once is what a rebalance looks like; more often than that somebody should know.
    private static void sayFenced(Standing standing, int before) {
        var membership = standing.membership();
        String words =
                "{} times the group did not take member {} of generation {} for an owner; waiting for it to join anew";
        if (before == 0) {
            LOG.debug(words, 1, membership.memberId(), membership.generationId());
        } else {
            LOG.warn(words, before + 1, membership.memberId(), membership.generationId());
        }
    }

    private List<Finished> coveredBy(Standing standing, List<Finished> pending) {
        var covered = new ArrayList<Finished>();
        for (var finished : pending) {
            if (standing.covers(finished.ownership())) {
                covered.add(finished);
            } else {
                LOG.info("{} is not ours any more: its new owner announces it", finished.taken());
                over(finished);
            }
        }
        return covered;
    }

    private End transaction(List<Finished> pending, Standing standing) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        byOwnership(pending).forEach((ownership, settling) -> {
            var marks = ownership.ledger().marksAfter(settling);
            offsets.put(
                    ownership.partition(),
                    new OffsetAndMetadata(
                            marks.watermark(),
                            OffsetMetadata.encode(
                                    parts.journal(),
                                    ownership.topicId(),
                                    ownership.unsureBelow() > marks.watermark() ? ownership.unsureBelow() : 0,
                                    marks.settled())));
        });
        var records = pending.stream()
                .flatMap(finished -> finished.records().stream())
                .toList();
        return parts.sender().send(records, offsets, standing.membership());
    }

    private void settle(List<Finished> committed) {
        byOwnership(committed)
                .forEach((ownership, offsets) -> ownership.ledger().settle(offsets));
        committed.forEach(one -> one.records().forEach(record -> sent.merge(record.topic(), 1L, Long::sum)));
        committed.forEach(this::over);
        var keys = committed.stream()
                .flatMap(finished -> finished.announcement().stream())
                .toList();
        if (!keys.isEmpty()) {
            parts.out().accept(keys);
        }
    }

    private static Map<Ownership, Set<Long>> byOwnership(List<Finished> finished) {
        return finished.stream()
                .collect(Collectors.groupingBy(
                        Finished::ownership,
                        Collectors.mapping(one -> one.taken().offset(), Collectors.toSet())));
    }

    private void over(Finished finished) {
        stalled.release(finished.ownership());
        finished.ownership().settled(finished.taken());
        unsettled.decrementAndGet();
    }

    /// Nothing was written. What is at fault decides what is tried again and what waits.
    private List<Finished> afterAbort(List<Finished> pending, End.Aborted aborted, int failures)
            throws InterruptedException {
        var culprit = aborted.culprit();
        if (culprit.isPresent() && KafkaFailures.isA(aborted.cause(), RecordTooLargeException.class)) {
            return withSmaller(pending, culprit.get());
        }
        missing = missingTopics(pending);
        if (!missing.isEmpty()) {
            return stall(pending);
        }
        LOG.warn(
                "a transaction was aborted and is tried again: {}",
                aborted.cause().toString());
        // Events are everybody's: while they cannot be written, nothing goes out. A dead-letter or retry topic that
        // takes nothing must not hold up those who do not need it.
        if (failures > 0 && culprit.isPresent() && !culprit.get().topic().equals(parts.eventsTopic())) {
            return withoutThoseOf(culprit.get(), pending, aborted.cause());
        }
        backOff(failures);
        return pending;
    }

    private List<Finished> withoutThoseOf(Outgoing culprit, List<Finished> pending, KafkaException cause) {
        var others = new ArrayList<Finished>();
        for (var finished : pending) {
            if (finished.records().stream().anyMatch(one -> one.topic().equals(culprit.topic()))) {
                stalled.add(finished, "topic " + culprit.topic() + " cannot be written: " + cause.getMessage());
            } else {
                others.add(finished);
            }
        }
        return others;
    }

    private List<Finished> withSmaller(List<Finished> pending, Outgoing culprit) {
        var again = new ArrayList<Finished>();
        for (var finished : pending) {
            if (!finished.records().contains(culprit)) {
                again.add(finished);
                continue;
            }
            Optional<Outgoing> smaller = culprit.shrunk();
            if (smaller.isEmpty()) {
                stalled.add(
                        finished,
                        "a record is too large for topic " + culprit.topic()
                                + ": raise its max.message.bytes, `belay topics check` says how");
                continue;
            }
            LOG.warn(
                    "{}: its record is too large for topic {} and was cut to a pointer",
                    finished.taken(),
                    culprit.topic());
            again.add(finished.with(finished.records().stream()
                    .map(record -> record.equals(culprit) ? smaller.get() : record)
                    .toList()));
        }
        return again;
    }

    private Set<String> missingTopics(List<Finished> pending) throws InterruptedException {
        var needed = new HashSet<String>();
        pending.forEach(finished -> finished.records().forEach(record -> needed.add(record.topic())));
        try {
            return needed.isEmpty() ? Set.of() : parts.committed().missingTopics(needed);
        } catch (KafkaException unreachable) {
            return Set.of();
        }
    }

    private List<Finished> stall(List<Finished> pending) {
        var writable = new ArrayList<Finished>();
        for (var finished : pending) {
            var lacking = finished.records().stream()
                    .map(Outgoing::topic)
                    .filter(missing::contains)
                    .findFirst();
            if (lacking.isPresent()) {
                stalled.add(finished, "topic " + lacking.get() + " is missing: `belay topics create` makes it");
            } else {
                writable.add(finished);
            }
        }
        return writable;
    }

    /// The transaction may have gone through. Once the new producer is ready it is decided, and the offsets
    /// say how.
    private List<Finished> afterUnknown(List<Finished> pending, End.Unknown unknown, int failures)
            throws InterruptedException {
        LOG.warn(
                "it is not known how a transaction ended; the broker is asked: {}",
                unknown.cause().toString());
        if (failures > 0) {
            backOff(failures);
        }
        for (int tries = 0; !abandoned; tries++) {
            try {
                parts.sender().renew();
                var ownerships = pending.stream().map(Finished::ownership).collect(Collectors.toSet());
                var marks = parts.committed().marks(ownerships, parts.journal());
                var out = pending.stream()
                        .filter(finished -> isOut(finished, marks))
                        .toList();
                LOG.info("of {} messages {} turned out to be announced", pending.size(), out.size());
                settle(out);
                return pending.stream().filter(one -> !out.contains(one)).toList();
            } catch (KafkaException unreachable) {
                LOG.warn("the broker does not say: {}", unreachable.toString());
                backOff(tries);
            }
        }
        return pending;
    }

    private static boolean isOut(Finished finished, Map<Ownership, OffsetLedger.Marks> marks) {
        var committed = marks.get(finished.ownership());
        return committed != null && committed.contains(finished.taken().offset());
    }

    private void backOff(int failures) throws InterruptedException {
        var wait = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures, 6));
        var pace = standings.pace();
        var end = pace.nanoTime() + Math.min(wait.toNanos(), LONGEST_BACK_OFF.toNanos());
        while (!abandoned && pace.nanoTime() - end < 0) {
            pace.pause(Duration.ofMillis(20));
        }
    }
}
