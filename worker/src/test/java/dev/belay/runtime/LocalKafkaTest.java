package dev.belay.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.FailureCode;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalKafkaTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private Settings settings;

    @BeforeEach
    void readSettings() throws Exception {
        settings = SettingsReader.read(new SettingsInputs(
                        folder,
                        null,
                        Map.of(),
                        Map.of("data", folder.resolve("data").toString())))
                .settings();
    }

    @Test
    void bringsItsBrokerBackInTheSamePlace() throws Exception {
        try (var kafka = LocalKafka.start(settings, Endpoint.Kind.DEV)) {
            String servers = kafka.bootstrapServers();
            var first = kafka.broker();
            first.kill();

            await().atMost(PATIENCE).until(() -> kafka.broker() != first);
            assertThat(kafka.bootstrapServers()).isEqualTo(servers);
            try (var topics = new TopicAdmin(new RoomSettings(settings).intake("admin", servers), PATIENCE)) {
                assertThat(topics.missing()).isEmpty();
            }
            assertThat(kafka.failure()).isNotDone();
        }
    }

    @Test
    void saysWhyItsBrokerCannotBeBroughtBack() throws Exception {
        try (var kafka = LocalKafka.start(settings, Endpoint.Kind.DEV);
                var another = new ServerSocket()) {
            var first = kafka.broker();
            another.setReuseAddress(true);
            first.kill();
            another.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), first.port()));

            assertThat(kafka.failure())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining(FailureCode.PORT_BUSY.name());
        }
    }
}
