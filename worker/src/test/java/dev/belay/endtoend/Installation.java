package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.DataDictionary;
import dev.belay.intake.DeadLetterReader;
import dev.belay.intake.TopicAdmin;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.sqlite.SqliteJournalReader;
import dev.belay.kit.TestBroker;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What one test has for itself: topics and a group on the shared broker, a data folder, a folder of sources, and the
/// worker processes it starts on them, all ended when it is closed.
final class Installation implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    final Topics topics;
    final String servers;
    private final Path folder;
    private final Map<String, String> flags = new TreeMap<>();
    private final Settings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<WorkerProcess> workers = new ArrayList<>();

    /// @param folder an empty one; its name makes the names of topics and group
    /// @param more   settings other than the usual ones
    Installation(TestBroker broker, Path folder, Map<String, String> more) throws Exception {
        this(broker, folder, folder.resolve("data"), more);
    }

    Installation(TestBroker broker, Path folder, Path data, Map<String, String> more) throws Exception {
        this.folder = folder.toRealPath();
        servers = broker.bootstrapServers();
        topics = new Topics("e2e-" + folder.getFileName());
        Files.createDirectories(sources());
        flags.put("data", data.toString());
        flags.put("kafka.bootstrap.servers", servers);
        flags.put("topics.prefix", topics.prefix());
        flags.put("topics.partitions", "3");
        flags.put("worker.group", topics.prefix());
        flags.put("worker.sessionTimeout", "6s");
        flags.put("worker.ownerLostAfter", "6s");
        flags.put("worker.recoverEvery", "2s");
        flags.put("worker.stopWithin", "30s");
        flags.put("retry.delays", "200ms,500ms");
        flags.put("source.roots", sources().toString());
        flags.put("versions.keep", "1000");
        flags.putAll(more);
        settings = SettingsReader.read(new SettingsInputs(this.folder, null, Map.of(), flags))
                .settings();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all", "linger.ms", "0", "max.request.size", "4000000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        var rooms = new RoomSettings(settings);
        try (var admin = new TopicAdmin(rooms.intake("admin", servers), PATIENCE)) {
            admin.create(rooms.topics());
        }
    }

    Path sources() {
        return folder.resolve("sources");
    }

    DataFolder data() {
        return new RoomSettings(settings).folder();
    }

    String group() {
        return settings.worker().group();
    }

    /// Writes a source.
    Path source(String name, String content) throws IOException {
        return source(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Path source(String name, byte[] content) throws IOException {
        return Files.write(sources().resolve(name), content);
    }

    /// Starts a worker process; it is not ready yet.
    WorkerProcess start(int slot) throws IOException {
        var arguments = new ArrayList<>(List.of("worker"));
        flags.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of("--set", "worker.slot=" + slot));
        var worker = WorkerProcess.start(arguments, folder.resolve("worker-" + slot + ".log"));
        synchronized (workers) {
            workers.add(worker);
        }
        return worker;
    }

    void submit(JobMessage job) {
        send(topics.jobs(), job.dataset(), new MessageCodec().writeJob(job));
    }

    void send(String topic, String key, byte[] value) {
        send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /// Returns when the broker has it.
    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    EventLog events() {
        return new EventLog(servers, topics.events());
    }

    List<DeadLetter> deadLetters() throws JobFailure {
        return new DeadLetterReader(new RoomSettings(settings).intake("reader", servers), PATIENCE).all();
    }

    CommittedPlaces places() {
        return new CommittedPlaces(servers, topics, settings.retry().delays().size(), group());
    }

    /// Asks the datastore, opened as another process beside the workers.
    <T> T datastore(Function<Datastore, T> question) {
        try (Datastore datastore =
                SqliteDatastore.open(data().datastoreFolder(), IdSource.random(InstantSource.system()))) {
            return question.apply(datastore);
        }
    }

    /// Asks the journal, as a command that only lists does.
    <T> T journal(Function<SqliteJournalReader, T> question) {
        try (var journal =
                SqliteJournalReader.open(data().journalFolder()).orElseThrow(() -> new AssertionError("no journal"))) {
            return question.apply(journal);
        }
    }

    /// Waits until the journal is as wanted.
    void awaitJournal(String what, Predicate<SqliteJournalReader> wanted) {
        await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> SqliteJournalReader.open(data().journalFolder())
                        .map(journal -> {
                            try (journal) {
                                return wanted.test(journal);
                            }
                        })
                        .orElse(false));
    }

    /// Writes a title, a description and a type into the live dictionary, as a person does.
    void curate(String dataset, String titled, String described, String typed) {
        datastore(datastore -> {
            var id = new DatasetId(dataset);
            var state = datastore.state(id);
            try {
                var edited = DataDictionary.parse(state.dictionary().orElseThrow())
                        .withTitle(titled, "Title of " + dataset)
                        .withDescription(described, "Description of " + dataset)
                        .withTypeOverride(typed, ColumnType.TEXT);
                return assertThat(datastore.editDictionary(id, state.dictionaryRevision(), edited.toDocument()))
                        .isTrue();
            } catch (JobFailure failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    /// That what [#curate] wrote is there.
    void assertCurated(String dataset, String titled, String described, String typed) {
        datastore(datastore -> {
            try {
                var dictionary = DataDictionary.parse(datastore
                        .state(new DatasetId(dataset))
                        .dictionary()
                        .orElseThrow(() -> new AssertionError(dataset + " has no dictionary")));
                assertThat(dictionary.field(titled).title()).isEqualTo("Title of " + dataset);
                assertThat(dictionary.field(described).description()).isEqualTo("Description of " + dataset);
                assertThat(dictionary.field(typed).typeOverride()).contains(ColumnType.TEXT);
                return dictionary;
            } catch (JobFailure failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    /// What the workers have logged, for messages of failed tests.
    String logs() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                text.append("---- ").append(log.getFileName()).append('\n').append(Files.readString(log));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        synchronized (workers) {
            workers.forEach(WorkerProcess::close);
        }
        producer.close(Duration.ZERO);
    }
}
