package dev.belay.kit;

import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalInt;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// A Kafka broker for tests, shared by all test classes of a JVM: use topics and groups of your own.
///
/// A test takes it as a parameter after `@ExtendWith(TestBrokers.class)`. One that stops or kills the broker asks
/// [#restartable()] first (`assumeTrue`) and starts it again before it ends.
public sealed interface TestBroker extends AutoCloseable {
    /// The same before and after a restart.
    String bootstrapServers();

    /// What it is, in words, for the line that says which broker the tests use.
    String description();

    /// Whether stop, kill and start work; records survive all three then.
    boolean restartable();

    void stop();

    /// Ends it as `kill -9` does.
    void kill();

    void start();

    @Override
    void close();

    /// The broker that `belay run` starts, in a scratch folder that is deleted at the end.
    static TestBroker embedded() {
        return new Embedded();
    }

    /// A container of the official image; needs a Docker engine that answers.
    static TestBroker docker() {
        return new Docker();
    }

    final class Embedded implements TestBroker {
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        private final Path folder;
        private EmbeddedBroker broker;

        private Embedded() {
            try {
                folder = Files.createTempDirectory("belay-test-broker-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            broker = EmbeddedBroker.start(new BrokerSettings(folder, OptionalInt.empty(), PATIENCE, PATIENCE));
        }

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public String description() {
            return "embedded broker at " + bootstrapServers();
        }

        @Override
        public boolean restartable() {
            return true;
        }

        @Override
        public void stop() {
            broker.close();
        }

        @Override
        public void kill() {
            broker.kill();
        }

        @Override
        public void start() {
            if (!broker.alive()) {
                broker = EmbeddedBroker.start(
                        new BrokerSettings(folder, OptionalInt.of(broker.port()), PATIENCE, PATIENCE));
            }
        }

        @Override
        public void close() {
            broker.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final class Docker implements TestBroker {
        private static final String IMAGE = "apache/kafka:4.3.1";

        private final KafkaContainer container;

        private Docker() {
            container = new KafkaContainer(DockerImageName.parse(IMAGE))
                    .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                    .withEnv("KAFKA_ADD_PARTITIONS_TO_TXN_RETRY_BACKOFF_MS", "1")
                    .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
            container.start();
        }

        @Override
        public String bootstrapServers() {
            return container.getBootstrapServers();
        }

        @Override
        public String description() {
            return "container " + IMAGE + " at " + bootstrapServers();
        }

        @Override
        public boolean restartable() {
            return false;
        }

        @Override
        public void stop() {
            throw cannotRestart();
        }

        @Override
        public void kill() {
            throw cannotRestart();
        }

        @Override
        public void start() {
            throw cannotRestart();
        }

        @Override
        public void close() {
            container.stop();
        }

        private static UnsupportedOperationException cannotRestart() {
            return new UnsupportedOperationException("a container comes back without its records and on another port");
        }
    }
}
