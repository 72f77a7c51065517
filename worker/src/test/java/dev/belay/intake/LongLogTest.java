package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A long log costs nothing: what a job asks of Kafka is counted after 10, 1,000 and 100,000 jobs on its partition, and
/// so is what is kept beside the offset.
@ExtendWith(TestBrokers.class)
final class LongLogTest {
    private static final int JOBS = 8;
    /// Offsets to the transaction, offsets, records, end; metadata now and then.
    private static final double REQUESTS = 6;

    @Test
    void aJobCostsTheSameRequestsHoweverLongTheLogIs(TestBroker broker) throws Exception {
        var counted = new ArrayList<Double>();
        for (int before : new int[] {10, 1_000, 100_000}) {
            try (var bench = new Bench(broker, 1)) {
                write(bench, before);
                settle(bench, before);
                var intake = bench.start("a");
                bench.job("first", "set");
                await().atMost(Bench.PATIENCE).until(() -> bench.committedJobs() == before + 1);

                double requests = requests();
                for (int job = 0; job < JOBS; job++) {
                    long expected = before + 2L + job;
                    bench.job("job-" + job, "set");
                    await().atMost(Bench.PATIENCE).until(() -> bench.committedJobs() == expected);
                }
                double each = (requests() - requests) / JOBS;
                String metadata = Objects.requireNonNull(bench.committed().get(jobs(bench)))
                        .metadata();

                System.out.printf(
                        "after %,7d jobs: %.1f requests of the announcer for each further one, %d characters of metadata%n",
                        before, each, metadata.length());
                assertThat(each).isBetween(1.0, REQUESTS);
                assertThat(metadata).hasSizeLessThan(80);
                counted.add(each);
                intake.close();
            }
        }
        // Metadata are asked for now and then: by one request more or less in eight jobs no history shows.
        assertThat(counted).allSatisfy(each -> assertThat(each).isCloseTo(counted.getFirst(), within(0.5)));
    }

    private static TopicPartition jobs(Bench bench) {
        return new TopicPartition(bench.topics.jobs(), 0);
    }

    private static void write(Bench bench, int jobs) throws Exception {
        // One request in flight: the first batches of a new partition must not overtake one another.
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", bench.servers,
                "acks", "all",
                "linger.ms", "50",
                "batch.size", "500000",
                "max.in.flight.requests.per.connection", "1");
        var written = new ArrayList<Future<?>>();
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int job = 0; job < jobs; job++) {
                byte[] value = "{\"jobId\":\"old-%d\",\"dataset\":\"set\",\"source\":{\"url\":\"/a.csv\"}}"
                        .formatted(job)
                        .getBytes(StandardCharsets.UTF_8);
                written.add(producer.send(new ProducerRecord<>(bench.topics.jobs(), new byte[] {'s'}, value)));
            }
        }
        for (Future<?> one : written) {
            one.get();
        }
    }

    /// As if a worker had announced them all.
    private static void settle(Bench bench, int jobs) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bench.servers))) {
            String topic = Objects.requireNonNull(admin.describeTopics(List.of(bench.topics.jobs()))
                            .allTopicNames()
                            .get()
                            .get(bench.topics.jobs()))
                    .topicId()
                    .toString();
            var offset = new OffsetAndMetadata(jobs, OffsetMetadata.encode(bench.journal, topic, 0, new BitSet()));
            admin.alterConsumerGroupOffsets(bench.topics.prefix(), Map.of(jobs(bench), offset))
                    .all()
                    .get();
        }
    }

    /// Of the transactional producers of this process that are open.
    private static double requests() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        double sum = 0;
        for (ObjectName name : server.queryNames(new ObjectName("kafka.producer:type=producer-metrics,*"), null)) {
            if ((double) server.getAttribute(name, "txn-commit-time-ns-total") > 0) {
                sum += (double) server.getAttribute(name, "request-total");
            }
        }
        return sum;
    }
}
