package dev.belay.runtime.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    private static final String TOPIC = "records";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    // Without the mend about one kill in four loses a commit.
    private static final int LIVES = Integer.getInteger("belay.lives", 4);

    @TempDir
    private Path folder;

    @Test
    void takesRecordsAndGivesThemBack() throws Exception {
        try (var broker = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            createTopic(broker);
            produce(broker, List.of("one", "two"));

            assertThat(consume(broker, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void keepsItsRecordsAndItsIdentityFromOneStartToTheNext() throws Exception {
        String identity;
        try (var first = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            createTopic(first);
            produce(first, List.of("kept"));
            identity = clusterId(first);
        }

        try (var second = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            assertThat(consume(second, 1)).containsExactly("kept");
            assertThat(clusterId(second)).isEqualTo(identity);
        }
    }

    @Test
    void losesNoAcknowledgedRecordWhenItIsKilled() throws Exception {
        var sent =
                IntStream.range(0, 500).mapToObj(number -> "record " + number).toList();
        int port;
        try (var killed = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            createTopic(killed);
            produce(killed, sent);
            port = killed.port();
            killed.kill();
            assertThat(killed.alive()).isFalse();
        }

        try (var restarted = EmbeddedBroker.start(BrokerSettings.in(folder).withPort(port))) {
            assertThat(restarted.port()).isEqualTo(port);
            assertThat(consume(restarted, sent.size())).isEqualTo(sent);
        }
    }

    /// Killed between the answer to the commit and the marks of the commit in the partitions: KAFKA-20734.
    @Test
    void keepsWhatWasCommittedWhenItIsKilledBeforeItHasMarkedIt() throws Exception {
        List<String> committed = new ArrayList<>();
        OptionalInt port = OptionalInt.empty();
        for (int life = 0; life < LIVES; life++) {
            var settings = new BrokerSettings(folder, port, PATIENCE, PATIENCE);
            try (var broker = EmbeddedBroker.start(settings);
                    var producer = transactional(broker)) {
                if (port.isEmpty()) {
                    createTopic(broker);
                }
                assertThat(consume(broker, committed.size())).isEqualTo(committed);
                port = OptionalInt.of(broker.port());
                producer.initTransactions();
                producer.beginTransaction();
                var sent = producer.send(new ProducerRecord<>(TOPIC, "of life " + life));
                producer.commitTransaction();
                assertThat(sent).isDone();
                broker.kill();
                committed.add("of life " + life);
            }
        }

        try (var broker = EmbeddedBroker.start(new BrokerSettings(folder, port, PATIENCE, PATIENCE))) {
            assertThat(consume(broker, committed.size())).isEqualTo(committed);
        }
    }

    private static KafkaProducer<String, String> transactional(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "of-the-test"),
                new StringSerializer(),
                new StringSerializer());
    }

    @Test
    void namesAPortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var settings = BrokerSettings.in(folder).withPort(taken.getLocalPort());

            var failure = failureOf(settings);

            assertThat(failure.code()).isEqualTo(BrokerFailure.PORT_BUSY);
            assertThat(failure)
                    .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is taken")
                    .hasMessageContaining("lsof -i :" + taken.getLocalPort());
        }
    }

    @Test
    void namesAFolderThatCannotBeWritten() throws Exception {
        var blocked =
                Files.writeString(folder.resolve("a-file"), "not a folder").resolve("broker");

        var failure = failureOf(BrokerSettings.in(blocked));

        assertThat(failure.code()).isEqualTo(BrokerFailure.STORE_READ_ONLY);
        assertThat(failure).hasMessageContaining(blocked.toString());
    }

    @Test
    void showsTheLastLogLinesOfABrokerThatDiedAtStart() throws Exception {
        var logFolder = Files.createDirectories(folder.resolve("log"));
        Files.writeString(logFolder.resolve("meta.properties"), "version=1\ncluster.id=x\nnode.id=77\n");

        var failure = failureOf(BrokerSettings.in(folder));

        assertThat(failure.code()).isEqualTo(BrokerFailure.BROKER_START_FAILED);
        assertThat(failure).hasMessageContaining("broker.log").hasMessageContaining("77");
    }

    @Test
    void givesUpOnABrokerThatIsNotReadyInTime() {
        var settings = BrokerSettings.in(folder).withStartWithin(Duration.ofMillis(1));

        var failure = failureOf(settings);

        assertThat(failure.code()).isEqualTo(BrokerFailure.BROKER_START_FAILED);
        assertThat(failure).hasMessageContaining("was not ready within 1 ms");
    }

    @Test
    void endsWhenThePipeToItsParentCloses() throws Exception {
        var broker = EmbeddedBroker.start(BrokerSettings.in(folder));
        var process = ProcessHandle.of(broker.processId()).orElseThrow();

        broker.abandon();

        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    @Test
    void outlivesACtrlCThatIsMeantForItsParent() throws Exception {
        try (var broker = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            for (var signal : List.of("-INT", "-HUP")) {
                var kill = new ProcessBuilder("kill", signal, Long.toString(broker.processId())).start();
                assertThat(kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }

            createTopic(broker);

            assertThat(broker.alive()).isTrue();
        }
    }

    @Test
    void endsInOrderWhenItIsAskedToTerminate() throws Exception {
        try (var broker = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            var process = ProcessHandle.of(broker.processId()).orElseThrow();

            assertThat(process.destroy()).isTrue();

            await().atMost(PATIENCE).until(() -> !process.isAlive());
        }
        assertThat(folder.resolve("log/.kafka_cleanshutdown")).exists();
    }

    @Test
    void waitsForAPredecessorThatIsStillLettingGoOfFolderAndPort() throws Exception {
        var first = EmbeddedBroker.start(BrokerSettings.in(folder));

        first.abandon();

        try (var second = EmbeddedBroker.start(BrokerSettings.in(folder).withPort(first.port()))) {
            assertThat(second.alive()).isTrue();
        }
    }

    @Test
    void refusesAFolderThatAnotherBrokerUses() {
        try (var first = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            var failure = failureOf(BrokerSettings.in(folder));

            assertThat(failure.code()).isEqualTo(BrokerFailure.DATA_FOLDER_IN_USE);
            assertThat(failure).hasMessageContaining("another broker is running in " + folder);
            assertThat(first.alive()).isTrue();
        }
    }

    @Test
    void printsNothingButItsOneLine() throws IOException {
        try (var broker = EmbeddedBroker.start(BrokerSettings.in(folder))) {
            assertThat(broker.alive()).isTrue();
        }

        assertThat(folder.resolve("broker.console")).isEmptyFile();
        assertThat(folder.resolve("broker.log")).isNotEmptyFile();
    }

    @Test
    void mayBeClosedTwiceAndAfterAKill() {
        var broker = EmbeddedBroker.start(BrokerSettings.in(folder));

        broker.kill();
        broker.close();
        broker.close();

        assertThat(broker.alive()).isFalse();
    }

    private static BrokerFailure failureOf(BrokerSettings settings) {
        return Optional.ofNullable(catchThrowableOfType(
                        BrokerFailure.class,
                        () -> EmbeddedBroker.start(settings).close()))
                .orElseThrow();
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (var admin = admin(broker)) {
            var topic = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("flush.messages", "1"));
            admin.createTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static String clusterId(EmbeddedBroker broker) throws Exception {
        try (var admin = admin(broker)) {
            return admin.describeCluster().clusterId().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /// Returns when the broker has acknowledged every record.
    private static void produce(EmbeddedBroker broker, List<String> values) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (var acknowledged : values.stream()
                    .map(value -> producer.send(new ProducerRecord<>(TOPIC, "key", value)))
                    .toList()) {
                acknowledged.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(EmbeddedBroker broker, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(found -> values.add(found.value()));
                return values.size() >= count;
            });
        }
        return values;
    }
}
