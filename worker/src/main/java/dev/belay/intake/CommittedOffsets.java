package dev.belay.intake;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Asks the broker what is committed, waiting for transactions that are being decided.
final class CommittedOffsets {
    private static final long PATIENCE_SECONDS = 20;

    private final Admin admin;
    private final String group;

    CommittedOffsets(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /// The committed state of the partitions that have one under the topic they are owned of.
    ///
    /// @throws KafkaException when the broker does not say
    Map<Ownership, OffsetLedger.Marks> marks(Collection<Ownership> ownerships, String journal)
            throws InterruptedException {
        var partitions = ownerships.stream().map(Ownership::partition).toList();
        var asked = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
        var offsets =
                answer(admin.listConsumerGroupOffsets(asked, new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(group));
        var marks = new HashMap<Ownership, OffsetLedger.Marks>();
        for (var ownership : ownerships) {
            var offset = offsets.get(ownership.partition());
            if (offset != null) {
                switch (OffsetMetadata.decode(offset.metadata(), journal)) {
                    case OffsetMetadata.Reading.Settled read when !read.isOf(ownership.topicId()) -> {}
                    case OffsetMetadata.Reading.Settled read ->
                        marks.put(ownership, new OffsetLedger.Marks(offset.offset(), read.bits()));
                    case OffsetMetadata.Reading _ ->
                        marks.put(ownership, new OffsetLedger.Marks(offset.offset(), new BitSet()));
                }
            }
        }
        return marks;
    }

    /// Those of `topics` that the broker says do not exist.
    ///
    /// @throws KafkaException when it does not say
    Set<String> missingTopics(Set<String> topics) throws InterruptedException {
        var missing = new HashSet<String>();
        for (var asked : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                answer(asked.getValue());
            } catch (UnknownTopicOrPartitionException none) {
                missing.add(asked.getKey());
            }
        }
        return missing;
    }

    private static <T> T answer(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw KafkaFailures.of(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer in " + PATIENCE_SECONDS + " s", e);
        }
    }
}
