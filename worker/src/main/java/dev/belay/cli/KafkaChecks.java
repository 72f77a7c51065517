package dev.belay.cli;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What `belay doctor` looks at in Kafka, where there is one.
final class KafkaChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Since this level the broker itself tells apart the transactions of a producer's lives (KIP-890).
    private static final int SAFE_TRANSACTIONS = 2;

    private final Settings settings;

    KafkaChecks(Settings settings) {
        this.settings = settings;
    }

    List<Finding> findings() throws InterruptedException {
        Optional<String> servers = GlobalOptions.bootstrapServers(settings);
        if (servers.isEmpty()) {
            return List.of(Finding.ok(
                    "kafka", "none is set and no belay dev runs; belay run brings its own for as long as it takes"));
        }
        var rooms = new RoomSettings(settings);
        try (var admin = new TopicAdmin(rooms.intake("doctor", servers.get()), PATIENCE)) {
            var findings = new ArrayList<Finding>();
            OptionalInt level = admin.transactionVersion();
            findings.add(
                    level.orElse(0) >= SAFE_TRANSACTIONS
                            ? Finding.ok(
                                    "kafka",
                                    "%s answers, transaction.version %d".formatted(servers.get(), level.getAsInt()))
                            : Finding.warn(
                                    "kafka",
                                    "%s answers, but its transaction.version is %d, not %d"
                                            .formatted(servers.get(), level.orElse(0), SAFE_TRANSACTIONS),
                                    "kafka-features.sh --bootstrap-server %s upgrade --feature transaction.version=%d"
                                            .formatted(servers.get(), SAFE_TRANSACTIONS)));
            List<TopicAdmin.Difference> differences = admin.check(rooms.topics());
            for (TopicAdmin.Difference one : differences) {
                findings.add(Finding.decide("topics", one.topic() + ": " + one.what(), one.mend()));
            }
            if (differences.isEmpty()) {
                findings.add(Finding.ok("topics", "all are there, with the right settings"));
            }
            return findings;
        } catch (JobFailure unreachable) {
            return List.of(Finding.fail("kafka", unreachable.failure()));
        }
    }
}
