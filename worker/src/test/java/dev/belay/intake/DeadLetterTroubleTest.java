package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A dead letter that cannot be written: its partition stands still and says why, others go on, nothing is lost.
@ExtendWith(TestBrokers.class)
@FaultRow({"K4", "K5"})
final class DeadLetterTroubleTest {
    @Test
    void standsStillWhileNoDeadLetterFitsIntoItsTopic(TestBroker broker) throws Exception {
        standsStillWhile(broker, "max.message.bytes", "100", "2097152", "max.message.bytes");
    }

    /// A compacted topic takes no message without a key, and one that is no job has none.
    @Test
    void standsStillWhileTheDeadLetterTopicTakesNoDeadLetter(TestBroker broker) throws Exception {
        standsStillWhile(broker, "cleanup.policy", "compact", "delete", "cannot be written");
    }

    private static void standsStillWhile(TestBroker broker, String setting, String bad, String good, String said)
            throws Exception {
        try (var bench = new Bench(broker, 2)) {
            set(bench, setting, bad);
            var intake = bench.start("a");
            bench.sendTo(0, "no job");
            await().atMost(Bench.PATIENCE)
                    .until(() -> intake.status().partitions().stream()
                            .anyMatch(partition -> partition
                                    .stalled()
                                    .filter(reason -> reason.contains(said))
                                    .isPresent()));
            bench.sendTo(1, "{\"jobId\":\"beside\",\"dataset\":\"set-b\",\"source\":{\"url\":\"/a.csv\"}}");

            bench.awaitTerminal(1);
            assertThat(bench.committedOf(0)).isZero();
            assertThat(bench.deadLetters()).isEmpty();

            set(bench, setting, good);
            bench.awaitDeadLetters(1);
            await().atMost(Bench.PATIENCE).until(() -> bench.committedOf(0) == 1);
            assertThat(bench.deadLetters()).hasSize(1);
        }
    }

    private static void set(Bench bench, String setting, String value) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bench.servers))) {
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, bench.topics.deadLetters());
            var change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
        }
    }
}
