package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.datastore.Datastore;
import dev.belay.drill.Curated;
import dev.belay.drill.Program;
import dev.belay.drill.Site;
import dev.belay.drill.WorkerProcess;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.JournalReader;
import dev.belay.journal.sqlite.SqliteJournalReader;
import dev.belay.kit.TestBroker;
import dev.belay.runtime.folder.DataFolder;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What one test has for itself: topics and a group on the shared broker, and a [Site].
final class Installation implements AutoCloseable {
    static final Duration PATIENCE = Site.PATIENCE;

    /// `belay` on this JVM's class path.
    static final Program BELAY = Program.ofThisJvm(System.getProperties(), List.of());

    final Topics topics;
    final String servers;
    private final Path folder;
    private final Site site;
    private final KafkaProducer<byte[], byte[]> producer;

    /// @param folder an empty one; its name makes the names of topics and group
    /// @param more   settings other than the usual ones
    Installation(TestBroker broker, Path folder, Map<String, String> more) throws Exception {
        this(broker, folder, folder.resolve("data"), more);
    }

    Installation(TestBroker broker, Path folder, Path data, Map<String, String> more) throws Exception {
        this.folder = folder.toRealPath();
        servers = broker.bootstrapServers();
        topics = new Topics("e2e-" + folder.getFileName());
        var settings = new TreeMap<String, String>();
        settings.put("topics.prefix", topics.prefix());
        settings.put("worker.group", topics.prefix());
        settings.putAll(more);
        site = new Site(
                new Site.Ground(this.folder, data, servers, settings), BELAY, IdSource.random(InstantSource.system()));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all", "linger.ms", "0", "max.request.size", "4000000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        site.createTopics();
    }

    Path sources() {
        return site.sources();
    }

    DataFolder data() {
        return site.data();
    }

    String group() {
        return topics.prefix();
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
        return site.start(slot);
    }

    /// The same with options of the JVM.
    WorkerProcess start(int slot, List<String> options) throws IOException {
        return site.start(slot, options);
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

    EventLog events() throws JobFailure {
        return new EventLog(site);
    }

    List<DeadLetter> deadLetters() throws JobFailure {
        return site.deadLetters();
    }

    CommittedPlaces places() {
        return new CommittedPlaces(site.backlog());
    }

    /// Asks the datastore, opened as another process beside the workers.
    <T> T datastore(Function<Datastore, T> question) {
        return site.datastore(question);
    }

    /// Asks the journal, as a command that only lists does.
    <T> T journal(Function<JournalReader, T> question) {
        return site.journal(question);
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
        try {
            site.curate(dataset, new Curated(titled, described, typed));
        } catch (JobFailure failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// That what [#curate] wrote is there.
    void assertCurated(String dataset, String titled, String described, String typed) {
        var curated = new Curated(titled, described, typed);
        assertThat(site.<Boolean>datastore(datastore -> site.isCurated(datastore, dataset, curated)))
                .as("the dictionary of %s is the curated one", dataset)
                .isTrue();
    }

    /// That no file is there that no commit names, and nothing is half-written.
    void assertNothingIsLeftLying() {
        assertThat(site.leftLying()).isEmpty();
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
        site.close();
        producer.close(Duration.ZERO);
    }
}
