package dev.belay.intake;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Reads one topic, all partitions, without a group: what is committed, from where it is told. For one thread.
final class TopicReader implements AutoCloseable {
    private final Brokers brokers;
    private final Map<String, Object> properties;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Duration patience;

    /// Opens the topic; nothing is read before a position is chosen.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    TopicReader(IntakeSettings settings, String topic, Duration patience) throws JobFailure {
        brokers = Brokers.of(settings);
        this.patience = patience;
        properties = new ClientProperties(settings.kafka()).reader();
        consumer = brokers.consumer(properties);
        try {
            partitions = consumer.partitionsFor(topic, patience).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
        } catch (KafkaException e) {
            consumer.close();
            throw brokers.failure(e);
        }
        if (partitions.isEmpty()) {
            consumer.close();
            throw JobFailure.configuration(
                    FailureCode.TOPICS_MISSING, "topic " + topic + " is missing; `belay topics create` makes it");
        }
    }

    /// Reads from the first message on.
    void toBeginning() throws JobFailure {
        try {
            consumer.beginningOffsets(partitions, patience).forEach(consumer::seek);
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// Reads from the first message on that is not older than `time`.
    void toTime(Instant time) throws JobFailure {
        try {
            var asked = partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> time.toEpochMilli()));
            consumer.offsetsForTimes(asked, patience).forEach((partition, offset) -> {
                if (offset == null) {
                    consumer.seekToEnd(List.of(partition));
                } else {
                    consumer.seek(partition, offset.offset());
                }
            });
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// Where the messages end now, those of transactions that are being decided included.
    Map<TopicPartition, Long> writtenEnds() throws JobFailure {
        var properties = new HashMap<>(this.properties);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        try (var written = brokers.consumer(properties)) {
            return written.endOffsets(partitions, patience);
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// Reads from these places on, where they are of this topic.
    void seek(Map<TopicPartition, OffsetAndMetadata> places) {
        places.forEach((partition, place) -> {
            if (partitions.contains(partition)) {
                consumer.seek(partition, place.offset());
            }
        });
    }

    /// Reads what is committed from now on.
    void toEnd() throws JobFailure {
        ends().forEach(consumer::seek);
    }

    /// Where the committed messages end now.
    Map<TopicPartition, Long> ends() throws JobFailure {
        try {
            return consumer.endOffsets(partitions, patience);
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// Whether all messages before `ends` were read.
    boolean isPast(Map<TopicPartition, Long> ends) throws JobFailure {
        try {
            for (var end : ends.entrySet()) {
                if (consumer.position(end.getKey(), patience) < end.getValue()) {
                    return false;
                }
            }
            return true;
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) throws JobFailure {
        try {
            return consumer.poll(wait);
        } catch (KafkaException e) {
            throw brokers.failure(e);
        }
    }

    /// At once: a reader without a group has nothing to hand over, and a fetch that waits for news may be cut.
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
