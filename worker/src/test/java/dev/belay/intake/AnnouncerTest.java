package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobId;
import dev.belay.journal.AnnouncementKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Under which standing ends are announced, with the producer that Kafka's clients bring for tests.
final class AnnouncerTest {
    private static final TopicPartition JOBS = new TopicPartition("jobs", 0);
    // Kafka has no other way to make one outside of a consumer.
    @SuppressWarnings("removal")
    private static final ConsumerGroupMetadata MEMBERSHIP = new ConsumerGroupMetadata("group");

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<AnnouncementKey> told = new ArrayList<>();
    private final Standings standings = new Standings(Pace.REAL);
    // Makes no connection before it is asked something.
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
    private final TransactionalSender sender = new TransactionalSender(() -> kafka, Duration.ofSeconds(20));
    private final Announcer announcer = new Announcer(
            new Announcer.Parts("journal", "events", sender, new CommittedOffsets(admin, "group"), told::addAll),
            standings);

    @BeforeEach
    void begin() {
        sender.begin();
    }

    @AfterEach
    void end() {
        admin.close();
    }

    @Test
    void announcesUnderAStandingThatCoversThePartition() throws Exception {
        Ownership mine = ownership();
        standings.publish(MEMBERSHIP, Set.of(mine));

        announcer.announce(finished(mine));
        announcer.turn();

        assertThat(kafka.history()).hasSize(1);
        assertThat(kafka.consumerGroupOffsetsHistory()).hasSize(1);
        assertThat(told).containsExactly(new AnnouncementKey(new JobId("job"), 0));
    }

    /// It lost the partition and polled again: what it knows of the group now is right, and not about this job.
    @Test
    void announcesNothingOfAPartitionThatWasLostEvenWhenItIsAMemberAgain() throws Exception {
        Ownership lost = ownership();
        Finished finished = finished(lost);
        lost.end();
        standings.publish(MEMBERSHIP, Set.of(ownership()));

        announcer.announce(finished);
        announcer.turn();

        assertThat(kafka.history()).isEmpty();
        assertThat(kafka.consumerGroupOffsetsHistory()).isEmpty();
        assertThat(told).isEmpty();
    }

    private static Ownership ownership() {
        return new Ownership(JOBS, "AAAAAAAAAAAAAAAAAAAAAA", new OffsetLedger(16), 0);
    }

    private static Finished finished(Ownership ownership) {
        var record = new ConsumerRecord<>("jobs", 0, 7L, new byte[] {1}, new byte[] {2});
        var taken = new Delivered.Taken(record, ownership);
        ownership.take(taken);
        byte[] event = "event".getBytes(StandardCharsets.UTF_8);
        return new Finished(
                taken,
                List.of(new Outgoing(new ProducerRecord<>("events", new byte[] {1}, event), Optional.empty())),
                Optional.of(new AnnouncementKey(new JobId("job"), 0)));
    }
}
