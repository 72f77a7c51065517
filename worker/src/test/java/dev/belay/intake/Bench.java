package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.kit.TestBroker;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventType;
import dev.belay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What a test of intake needs: topics and a group of its own, jobs to send, a reader of what came of them.
final class Bench implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final ScriptedSaga saga = new ScriptedSaga();
    final Topics topics = new Topics("test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
    final String servers;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Intake> intakes = new ArrayList<>();
    String journal = "journal-1";

    Bench(TestBroker broker, int partitions) throws Exception {
        servers = broker.bootstrapServers();
        this.partitions = partitions;
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "acks",
                        "all",
                        "linger.ms",
                        "0",
                        "max.request.size",
                        "4000000",
                        // The first batches of a new partition must not overtake one another: it would not be mended.
                        "max.in.flight.requests.per.connection",
                        "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try (var admin = new TopicAdmin(settings("admin"), PATIENCE)) {
            admin.create(new TopicPlan(partitions, OptionalInt.empty(), Duration.ofDays(1), Duration.ofDays(1)));
        }
    }

    IntakeSettings settings(String slot) {
        return settings(slot, Map.of());
    }

    IntakeSettings settings(String slot, Map<String, String> more) {
        var kafka = new HashMap<>(Map.of("bootstrap.servers", servers, "producer.max.block.ms", "3000"));
        kafka.putAll(more);
        var flow = new IntakeSettings.Flow(
                4, 64, 4096, 1L << 26, 3, List.of(Duration.ofMillis(50), Duration.ofMillis(100)));
        return new IntakeSettings(
                topics,
                slot,
                new IntakeSettings.Group(
                        topics.prefix(), GroupProtocol.CLASSIC, Duration.ofSeconds(6), Duration.ofSeconds(10)),
                flow,
                IntakeSettings.Emission.DEFAULT,
                kafka);
    }

    /// The same without notices, so that events are written in transactions only.
    IntakeSettings quiet(IntakeSettings settings) {
        var emission = settings.emission();
        return new IntakeSettings(
                settings.topics(),
                settings.slot(),
                settings.group(),
                settings.flow(),
                new IntakeSettings.Emission(emission.format(), emission.source(), false, emission.progressEvery()),
                settings.kafka());
    }

    Intake start(String slot) throws Exception {
        return start(settings(slot), Intake.Hooks.NONE);
    }

    Intake start(IntakeSettings settings, Intake.Hooks hooks) throws Exception {
        var intake = make(settings, hooks);
        intake.start();
        return intake;
    }

    Intake make(IntakeSettings settings, Intake.Hooks hooks) throws Exception {
        var parts = new Intake.Parts(saga, journal, saga::announced);
        var intake = new Intake(settings, parts, InstantSource.system(), hooks);
        intakes.add(intake);
        return intake;
    }

    void job(String job, String dataset) throws Exception {
        raw(dataset, "{\"jobId\":\"%s\",\"dataset\":\"%s\",\"source\":{\"url\":\"/a.csv\"}}".formatted(job, dataset));
    }

    /// So many jobs, `job-0` and on, in turn for `set-0` and on; returns when the broker has them all.
    void jobs(int count, int datasets) throws Exception {
        var sent = new ArrayList<Future<?>>();
        for (int n = 0; n < count; n++) {
            String value = "{\"jobId\":\"job-%d\",\"dataset\":\"set-%d\",\"source\":{\"url\":\"/a.csv\"}}"
                    .formatted(n, n % datasets);
            sent.add(producer.send(new ProducerRecord<>(
                    topics.jobs(),
                    ("set-" + n % datasets).getBytes(StandardCharsets.UTF_8),
                    value.getBytes(StandardCharsets.UTF_8))));
        }
        for (var one : sent) {
            one.get();
        }
    }

    void raw(String key, String value) throws Exception {
        send(topics.jobs(), key, value.getBytes(StandardCharsets.UTF_8));
    }

    void send(String topic, String key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    /// To one partition of the jobs topic.
    void sendTo(int partition, String value) throws Exception {
        producer.send(new ProducerRecord<>(topics.jobs(), partition, null, value.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /// All events there are, as a reader sees them that trusts only what is committed.
    List<Event> events() throws JobFailure {
        var codec = new dev.belay.schemas.EventCodec();
        var events = new ArrayList<Event>();
        try (var reader = new TopicReader(settings("reader"), topics.events(), PATIENCE)) {
            reader.toBeginning();
            var ends = reader.ends();
            while (!reader.isPast(ends)) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(record -> codec.read(RetryHeaders.text(record.headers()), record.value())
                                .ifPresent(events::add));
            }
        }
        return events;
    }

    /// How many messages of the events topic a reader gets that trusts only what is committed.
    int readableEvents() throws JobFailure {
        int count = 0;
        try (var reader = new TopicReader(settings("reader"), topics.events(), PATIENCE)) {
            reader.toBeginning();
            var ends = reader.ends();
            while (!reader.isPast(ends)) {
                for (var _ : reader.poll(Duration.ofMillis(100))) {
                    count++;
                }
            }
        }
        return count;
    }

    List<String> terminal() throws JobFailure {
        return events().stream()
                .filter(event -> event.type().terminal())
                .map(event -> event.subject() + " " + event.type().shortName())
                .toList();
    }

    List<EventType> typesOf(String job) throws JobFailure {
        return events().stream()
                .filter(event -> job.equals(event.subject()))
                .map(Event::type)
                .toList();
    }

    List<DeadLetter> deadLetters() throws JobFailure {
        return new DeadLetterReader(settings("reader"), PATIENCE).all();
    }

    void awaitTerminal(int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> terminal().size() >= count);
    }

    void awaitDeadLetters(int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> deadLetters().size() >= count);
    }

    /// Every job has one terminal event, and no job has two.
    void assertExactlyOnce(int jobs) throws JobFailure {
        var counts = events().stream()
                .filter(event -> event.type().terminal())
                .collect(Collectors.groupingBy(event -> String.valueOf(event.subject()), Collectors.counting()));
        assertThat(counts).hasSize(jobs);
        assertThat(counts.values()).allMatch(count -> count == 1);
    }

    Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            return admin.listConsumerGroupOffsets(topics.prefix())
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /// Sets the group's offsets as a person does, once the group has no member any more. A static member that has
    /// gone counts until its session ends, unless it is removed.
    void setOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            var group = admin.describeConsumerGroups(List.of(topics.prefix())).all();
            if (hasMembers(group)) {
                admin.removeMembersFromConsumerGroup(topics.prefix(), new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
            admin.alterConsumerGroupOffsets(topics.prefix(), offsets).all().get();
        }
    }

    private static boolean hasMembers(KafkaFuture<Map<String, ConsumerGroupDescription>> group) throws Exception {
        try {
            return group.get().values().stream().anyMatch(one -> !one.members().isEmpty());
        } catch (ExecutionException none) {
            return false;
        }
    }

    /// The committed offsets of the jobs topic, added up.
    long committedJobs() throws Exception {
        return committed().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topics.jobs()))
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }

    /// The committed offset of one partition of the jobs topic.
    long committedOf(int partition) throws Exception {
        var offset = committed().get(new TopicPartition(topics.jobs(), partition));
        return offset == null ? 0 : offset.offset();
    }

    void awaitCommitted(long jobs) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> committedJobs() >= jobs);
    }

    int partitions() {
        return partitions;
    }

    static JobId id(String job) {
        return new JobId(job);
    }

    @Override
    public void close() {
        intakes.forEach(Intake::close);
        producer.close(Duration.ZERO);
    }
}
