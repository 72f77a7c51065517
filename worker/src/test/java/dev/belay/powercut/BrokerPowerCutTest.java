package dev.belay.powercut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.FaultRow;
import dev.belay.powercut.PowerCutDisk.Kind;
import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the embedded broker has acknowledged survives a power cut, the end of a transaction too.
final class BrokerPowerCutTest {
    private static final String TOPIC = "events";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final String GROUP = "group";
    private static final int TRANSACTIONS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    static List<Kind> kinds() {
        return Cuts.kinds(Kind.XFS);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @FaultRow({"E3", "K1"})
    void keepsACommittedTransactionAndItsOffsetsWhenThePowerGoes(Kind kind) throws Exception {
        try (var disk = PowerCutDisk.mounted(kind)) {
            var settings = BrokerSettings.in(disk.folder().resolve("broker")).withStartWithin(PATIENCE);
            try (var broker = EmbeddedBroker.start(settings)) {
                makeTopic(broker);
                commit(broker);
                disk.cut();
                broker.kill();
            }
            disk.restore();
            try (var broker = EmbeddedBroker.start(settings)) {
                assertThat(committedRecords(broker)).hasSize(TRANSACTIONS);
                assertThat(committedOffset(broker)).isEqualTo(TRANSACTIONS);
            }
        }
    }

    /// As Belay makes its topics on one broker.
    private static void makeTopic(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var topic = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("flush.messages", "1"));
            admin.createTopics(Set.of(topic)).all().get(60, TimeUnit.SECONDS);
        }
    }

    /// Returns when the broker has said of each that it is committed.
    private static void commit(EmbeddedBroker broker) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "worker", "acks", "all");
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                var member = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", GROUP),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            producer.initTransactions();
            for (int number = 1; number <= TRANSACTIONS; number++) {
                producer.beginTransaction();
                var _ = producer.send(
                        new ProducerRecord<>(TOPIC, Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
                producer.sendOffsetsToTransaction(
                        Map.of(PARTITION, new OffsetAndMetadata(number)), member.groupMetadata());
                producer.commitTransaction();
            }
        }
    }

    private static List<String> committedRecords(EmbeddedBroker broker) {
        var records = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            // A transaction in doubt is aborted after a while; a reader that waits for it sees the end then.
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < TRANSACTIONS && System.nanoTime() - end < 0) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    records.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
        return records;
    }

    private static long committedOffset(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var offsets = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(60, TimeUnit.SECONDS);
            return offsets.containsKey(PARTITION) ? offsets.get(PARTITION).offset() : 0;
        }
    }
}
