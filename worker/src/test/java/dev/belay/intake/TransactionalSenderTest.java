package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.intake.TransactionalSender.End;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is known about the end of a transaction, with the producer that Kafka's clients bring for tests.
final class TransactionalSenderTest {
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
            Map.of(new TopicPartition("jobs", 0), new OffsetAndMetadata(8, "bits"));
    // Kafka has no other way to make one outside of a consumer.
    @SuppressWarnings("removal")
    private static final ConsumerGroupMetadata MEMBERSHIP = new ConsumerGroupMetadata("group");

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TransactionalSender sender = new TransactionalSender(() -> kafka, Duration.ofSeconds(20));

    @BeforeEach
    void begin() {
        sender.begin();
    }

    @Test
    void writesRecordsAndOffsetsInOneTransaction() {
        assertThat(send()).isInstanceOf(End.Committed.class);

        assertThat(kafka.history()).hasSize(2);
        assertThat(kafka.consumerGroupOffsetsHistory()).containsExactly(Map.of("group", OFFSETS));
        assertThat(kafka.commitCount()).isEqualTo(1);
    }

    @Test
    void takesALostAnswerToACommitForUnknown() {
        kafka.commitTransactionException = new TimeoutException("no answer");

        assertThat(send()).isInstanceOf(End.Unknown.class);
    }

    @Test
    void writesNothingWhenItsMembershipDoesNotHold() {
        kafka.sendOffsetsToTransactionException = new CommitFailedException("another generation");

        assertThat(send()).isInstanceOf(End.Fenced.class);
        assertThat(kafka.history()).isEmpty();
        assertThat(kafka.transactionAborted()).isTrue();
    }

    @Test
    void writesNothingWhenARecordCannotBeWritten() {
        kafka.sendException = new KafkaException(new RecordTooLargeException("too large"));

        assertThat(send()).isInstanceOfAny(End.Aborted.class, End.Unknown.class);
        assertThat(kafka.history()).isEmpty();
        assertThat(kafka.consumerGroupOffsetsHistory()).isEmpty();
        assertThat(kafka.commitCount()).isZero();
    }

    private End send() {
        return sender.send(List.of(record("one"), record("two")), OFFSETS, MEMBERSHIP);
    }

    private static Outgoing record(String value) {
        return new Outgoing(
                new ProducerRecord<>("events", new byte[0], value.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }
}
