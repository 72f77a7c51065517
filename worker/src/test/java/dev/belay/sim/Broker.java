package dev.belay.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Partitions, transactions and committed offsets as Kafka has them: a transaction's records are seen by
/// `read_committed` readers when it is committed, in the order in which they were written, and none behind
/// one that is still open; its offsets are taken into account with it; a transactional id has one epoch at a
/// time.
///
/// Offsets are checked against the group when they are added to a transaction, not when it is committed, as
/// Kafka does.
final class Broker {
    /// A transaction that was begun by its first record or offset.
    static final class Transaction {
        final Map<TopicPartition, Long> first = new TreeMap<>(BY_NAME);
        final Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>(BY_NAME);
        final long begunAt;
        boolean open = true;
        boolean committed;

        Transaction(long begunAt) {
            this.begunAt = begunAt;
        }
    }

    /// What stands at an offset; a marker has no value.
    // As Kafka has it: nobody changes the bytes, nobody compares entries.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(
            long offset,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            long timestamp,
            @Nullable Transaction transaction,
            boolean marker) {
        boolean isVisible() {
            return !marker && (transaction == null || transaction.committed);
        }
    }

    static final Comparator<TopicPartition> BY_NAME = Comparator.comparing(TopicPartition::toString);

    private final Map<TopicPartition, List<Entry>> logs = new TreeMap<>(BY_NAME);
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new TreeMap<>(BY_NAME);
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<String, Transaction> ongoing = new TreeMap<>();

    /// Partitions in the order of their names.
    static Set<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        var sorted = new TreeSet<>(BY_NAME);
        sorted.addAll(partitions);
        return sorted;
    }

    void create(String topic, int count) {
        partitions.put(topic, count);
        for (int number = 0; number < count; number++) {
            logs.put(new TopicPartition(topic, number), new ArrayList<>());
        }
    }

    List<TopicPartition> partitionsOf(String topic) {
        return logs.keySet().stream().filter(one -> one.topic().equals(topic)).toList();
    }

    /// What a read_committed reader sees from an offset on.
    List<Entry> read(TopicPartition partition, long from) {
        long stable = Long.MAX_VALUE;
        for (Transaction transaction : ongoing.values()) {
            stable = Math.min(stable, transaction.first.getOrDefault(partition, Long.MAX_VALUE));
        }
        var seen = new ArrayList<Entry>();
        List<Entry> log = log(partition);
        for (long offset = from; offset < log.size() && offset < stable; offset++) {
            Entry entry = log.get((int) offset);
            if (entry.isVisible()) {
                seen.add(entry);
            }
        }
        return seen;
    }

    private List<Entry> log(TopicPartition partition) {
        List<Entry> log = logs.get(partition);
        if (log == null) {
            throw new IllegalStateException("there is no " + partition);
        }
        return log;
    }

    /// Writes outside of any transaction.
    void write(ProducerRecord<byte[], byte[]> record, long now) {
        append(place(record), record, now, null);
    }

    private TopicPartition place(ProducerRecord<byte[], byte[]> record) {
        int count = partitions.getOrDefault(record.topic(), 0);
        int hash = record.key() == null ? 0 : java.util.Arrays.hashCode(record.key());
        return new TopicPartition(record.topic(), Math.floorMod(hash, count));
    }

    private long append(
            TopicPartition partition,
            ProducerRecord<byte[], byte[]> record,
            long now,
            @Nullable Transaction transaction) {
        List<Entry> log = log(partition);
        var entry = new Entry(log.size(), record.key(), record.value(), record.headers(), now, transaction, false);
        log.add(entry);
        return entry.offset();
    }

    /// Fences whoever used the id before, and decides its last transaction.
    int initialise(String id) {
        Transaction left = ongoing.get(id);
        if (left != null) {
            end(id, left, false);
        }
        return epochs.merge(id, 1, Integer::sum);
    }

    void requireEpoch(String id, int epoch) {
        if (epochs.getOrDefault(id, 0) != epoch) {
            throw new ProducerFencedException("there is a newer producer of " + id);
        }
    }

    void write(String id, ProducerRecord<byte[], byte[]> record, long now) {
        Transaction transaction = ongoing(id, now);
        TopicPartition partition = place(record);
        transaction.first.putIfAbsent(partition, append(partition, record, now, transaction));
    }

    void addOffsets(String id, Map<TopicPartition, OffsetAndMetadata> offsets, long now) {
        ongoing(id, now).offsets.putAll(offsets);
    }

    private Transaction ongoing(String id, long now) {
        return ongoing.computeIfAbsent(id, absent -> new Transaction(now));
    }

    @Nullable Transaction open(String id) {
        return ongoing.get(id);
    }

    /// Commits or aborts; nothing happens when it is decided already.
    void end(String id, Transaction transaction, boolean commit) {
        if (!transaction.open) {
            return;
        }
        transaction.open = false;
        transaction.committed = commit;
        ongoing.remove(id);
        for (TopicPartition partition : transaction.first.keySet()) {
            List<Entry> log = log(partition);
            log.add(new Entry(log.size(), null, null, new RecordHeaders(), 0, transaction, true));
        }
        if (commit) {
            committed.putAll(transaction.offsets);
        }
    }

    /// Aborts what has been open for too long, and fences its producer.
    void expire(long begunBefore) {
        for (var one : List.copyOf(ongoing.entrySet())) {
            if (one.getValue().begunAt < begunBefore) {
                initialise(one.getKey());
            }
        }
    }

    /// Whether a transaction that is open would move the partition's offset.
    boolean isUndecided(TopicPartition partition) {
        return ongoing.values().stream().anyMatch(one -> one.offsets.containsKey(partition));
    }

    boolean isAnyOpen() {
        return !ongoing.isEmpty();
    }

    @Nullable OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }
}
