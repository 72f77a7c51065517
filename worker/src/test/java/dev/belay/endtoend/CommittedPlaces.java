package dev.belay.endtoend;

import static org.awaitility.Awaitility.await;

import dev.belay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// How far the group has come in the topics it takes jobs from.
///
/// @param retries how many retry topics there are
record CommittedPlaces(String servers, Topics topics, int retries, String group) {
    /// Waits until no message is left that is not committed. An end offset may lie beyond the last message: retry
    /// topics also hold the markers of transactions.
    void awaitNothingLeft() {
        await("every message is committed")
                .atMost(Installation.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> left().isEmpty());
    }

    /// Messages above the committed offsets, as `topic-partition@offset`. A bitmap would hide none of them: once
    /// everything is settled it is empty and the offset itself has moved.
    List<String> left() throws Exception {
        var left = new ArrayList<String>();
        var committed = committed();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            committed.forEach((partition, offset) -> {
                if (partitions.contains(partition)) {
                    consumer.seek(partition, offset.offset());
                }
            });
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(50))
                        .forEach(record -> left.add(record.topic() + "-" + record.partition() + "@" + record.offset()));
            }
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
        return left;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        var names = new ArrayList<>(List.of(topics.jobs()));
        for (int number = 1; number <= retries; number++) {
            names.add(topics.retry(number));
        }
        return names.stream()
                .flatMap(name -> consumer.partitionsFor(name).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
