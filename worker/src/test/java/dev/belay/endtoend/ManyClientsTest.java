package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobId;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import dev.belay.schemas.UuidVersion5;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestBrokers.class)
final class ManyClientsTest {
    @TempDir
    Path folder;

    @Test
    void takesJobsFromAnyClientInEveryFormAndTellsEachWhatBecameOfIt(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            installation.start(0).ready();
            Path file = installation.source("a.csv", "id,name\n1,one\n2,two\n");
            String bare = "{\"jobId\":\"%s\",\"dataset\":\"%s\",\"source\":{\"url\":\"" + file + "\"}}";

            installation.send(installation.topics.jobs(), "bare", bytes(bare.formatted("job-bare", "bare")));
            installation.send(
                    installation.topics.jobs(),
                    "structured",
                    bytes(("{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/elsewhere\",\"type\":\"%s\","
                                    + "\"datacontenttype\":\"application/json\",\"data\":%s}")
                            .formatted(JobMessage.CLOUD_EVENT_TYPE, bare.formatted("job-structured", "structured"))));
            installation.send(new ProducerRecord<>(
                    installation.topics.jobs(),
                    null,
                    bytes("binary"),
                    bytes(bare.formatted("job-binary", "binary")),
                    List.of(
                            header("ce_specversion", "1.0"),
                            header("ce_id", "e-2"),
                            header("ce_source", "/elsewhere"),
                            header("ce_type", JobMessage.CLOUD_EVENT_TYPE),
                            header("content-type", "application/json"))));

            for (String form : List.of("bare", "structured", "binary")) {
                Receipt receipt = events.receiptOf("job-" + form);
                assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(receipt.dataset()).isEqualTo(form);
                assertThat(receipt.rows()).isEqualTo(2);
                assertThat(Path.of(String.valueOf(receipt.file()))).isRegularFile();
            }
        }
    }

    @Test
    void givesAJobWithoutIdOneThatIsMadeFromItsPlace(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of("topics.partitions", "1"));
                var events = installation.events()) {
            installation.start(0).ready();
            Path file = installation.source("a.csv", "id\n1\n");

            installation.send(
                    installation.topics.jobs(),
                    "nameless",
                    bytes("{\"dataset\":\"nameless\",\"source\":{\"url\":\"%s\"}}".formatted(file)));

            String id = UuidVersion5.of(
                            UUID.fromString("5a0b6a52-8f0e-5c7e-9d0c-be1a70b5c0de"), topicId(installation) + "/0/0")
                    .toString();
            assertThat(events.receiptOf(id).outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void twoWorkersOnOneDataFolderSplitTheWork(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of("topics.partitions", "6"));
                var events = installation.events()) {
            var first = installation.start(0);
            installation.start(1).ready();
            first.ready();
            Path file = installation.source("a.csv", "id\n1\n");
            int jobs = 0;
            // The group may still be joining: more work comes until both have had some.
            while (jobs < 400 && (jobs == 0 || slots(installation, jobs).size() < 2)) {
                int until = jobs + 20;
                for (; jobs < until; jobs++) {
                    installation.submit(JobMessage.replace("set-" + jobs, JobMessage.Source.url(file.toString()))
                            .withJobId("job-" + jobs));
                }
                events.until("20 more ends", () -> events.terminal().size() >= until);
            }

            assertThat(slots(installation, jobs)).containsExactlyInAnyOrder("0", "1");
            assertThat(events.terminal()).hasSize(jobs).allMatch(end -> end.type() == EventType.JOB_COMPLETED);
        }
    }

    private static Set<String> slots(Installation installation, int jobs) {
        return installation.journal(journal -> java.util.stream.IntStream.range(0, jobs)
                .boxed()
                .flatMap(job -> journal.attempts(new JobId("job-" + job)).stream())
                .map(attempt -> attempt.owner().slot())
                .collect(Collectors.toSet()));
    }

    private static String topicId(Installation installation) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", installation.servers))) {
            return admin.describeTopics(List.of(installation.topics.jobs()))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .topicId()
                    .toString();
        }
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
