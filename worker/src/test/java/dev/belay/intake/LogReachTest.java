package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A receipt is kept as long as Kafka could deliver its message again.
@ExtendWith(TestBrokers.class)
final class LogReachTest {
    private static final Instant NOW = Instant.parse("2026-11-25T02:00:00Z");

    @Test
    void onlyWhatIsBelowTheBeginningOfItsOwnLogIsOutOfReach() {
        var reach = new LogReach("jobs-id", Map.of(0, 10L, 1, 0L), true);

        assertThat(reach.test(job("jobs-id", 0, 9, 0))).isFalse();
        assertThat(reach.test(job("jobs-id", 0, 9, 2))).isFalse();
        assertThat(reach.test(job("jobs-id", 0, 10, 0))).isTrue();
        assertThat(reach.test(job("jobs-id", 1, 0, 0))).isTrue();
        assertThat(reach.test(job("jobs-id", 2, 3, 0)))
                .as("a partition not heard of")
                .isTrue();
        assertThat(reach.test(job("another-id", 0, 9, 0))).as("another topic").isTrue();
    }

    @Test
    void aJobThatWentThroughRetryTopicsStaysWhileTheyHoldOldMessages() {
        var reach = new LogReach("jobs-id", Map.of(0, 10L), false);

        assertThat(reach.test(job("jobs-id", 0, 9, 0))).isFalse();
        assertThat(reach.test(job("jobs-id", 0, 9, 1))).isTrue();
    }

    @Test
    void theBrokerSaysWhereItsLogsBegin(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            for (int job = 0; job < 5; job++) {
                bench.job("job-" + job, "set");
            }
            bench.send(bench.topics.retry(1), "set", "{}".getBytes(StandardCharsets.UTF_8));
            Instant later = Instant.ofEpochMilli(System.currentTimeMillis()).plus(Duration.ofDays(1));
            delete(admin, bench.topics.jobs(), 3);

            LogReach whileRetriesAreThere = LogReach.ask(admin, bench.topics, 2, later);
            delete(admin, bench.topics.retry(1), 1);
            LogReach afterwards = LogReach.ask(admin, bench.topics, 2, later);

            assertThat(whileRetriesAreThere.begins()).isEqualTo(Map.of(0, 3L));
            assertThat(whileRetriesAreThere.noHops()).isFalse();
            assertThat(afterwards.noHops()).isTrue();
            assertThat(afterwards.test(job(afterwards.jobsTopic(), 0, 2, 1))).isFalse();
            assertThat(afterwards.test(job(afterwards.jobsTopic(), 0, 3, 0))).isTrue();
            assertThat(LogReach.ask(admin, bench.topics, 2, NOW.minus(Duration.ofDays(9_000)))
                            .noHops())
                    .as("nothing that old")
                    .isTrue();
        }
    }

    private static void delete(Admin admin, String topic, long before) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
                .all()
                .get();
    }

    private static JobRecord job(String topic, int partition, long offset, int hop) {
        return new JobRecord(
                new JobId("job"),
                new DatasetId("set"),
                JobState.COMPLETED,
                "{}",
                Sha256.of(new byte[0]),
                new SourcePosition(topic, partition, offset),
                hop,
                1,
                3,
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(NOW),
                Optional.of("{}"));
    }
}
