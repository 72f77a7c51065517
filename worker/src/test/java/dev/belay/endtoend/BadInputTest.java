package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belay.datastore.Commit;
import dev.belay.job.DatasetId;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What producers and files can do wrong: each with its code and a message that says where; what was published stays.
@ExtendWith(TestBrokers.class)
final class BadInputTest {
    private static final String GOOD = "id,code,name,amount\n1,100,one,10\n2,200,two,20\n";

    @TempDir
    Path folder;

    @Test
    @FaultRow("V1")
    void everyBadSourceHasItsCodeAndLeavesWhatIsServedAlone(TestBroker broker) throws Exception {
        HttpServer nothing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        nothing.start();
        int port = nothing.getAddress().getPort();
        var http = Map.of("source.http.allow", "127.0.0.1", "source.http.ports", Integer.toString(port));
        try (var installation = new Installation(broker, folder, http);
                var events = installation.events()) {
            installation.start(0);
            Map<String, Case> cases = failing(installation, port);
            Map<String, Commit> before = publishAndCurate(installation, events, cases);

            cases.forEach((name, bad) ->
                    installation.submit(JobMessage.replace(name, bad.source()).withJobId(name + "-bad")));
            cases.forEach((name, bad) -> bad.check(name, events.receiptOf(name + "-bad")));

            cases.keySet().forEach(name -> {
                assertThat(head(installation, name)).isEqualTo(before.get(name));
                installation.assertCurated(name, "name", "amount", "code");
            });
            assertThat(installation.deadLetters())
                    .extracting(letter -> letter.jobId() + " " + letter.reason().code())
                    .containsExactlyInAnyOrderElementsOf(cases.entrySet().stream()
                            .map(bad -> bad.getKey() + "-bad " + bad.getValue().code())
                            .toList());
            goodJobsComplete(installation, events, List.copyOf(cases.keySet()));
        } finally {
            nothing.stop(0);
        }
    }

    @Test
    void whatIsOnlyOddIsLoadedAndTold(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            installation.start(0);
            submit(installation, "header-only", "id,name\n");
            submit(installation, "few-ragged", "id,name\n" + "1,one\n".repeat(60) + "2\n3,three,3\n");
            submit(installation, "same-headers", "id,name,name\n1,one,eins\n");

            Receipt headerOnly = completed(events, "header-only");
            assertThat(headerOnly.rows()).isZero();
            assertThat(headerOnly.columns()).extracting(Receipt.Column::name).containsExactly("id", "name");

            Receipt ragged = completed(events, "few-ragged");
            assertThat(ragged.rows()).isEqualTo(60);
            assertThat(ragged.rejected()).isEqualTo(2);
            assertThat(ragged.rejects()).extracting(Receipt.Reject::line).containsExactly(62L, 63L);

            Receipt same = completed(events, "same-headers");
            assertThat(same.columns()).extracting(Receipt.Column::name).doesNotHaveDuplicates();
            assertThat(same.warnings()).anyMatch(warning -> warning.contains("name"));
        }
    }

    @Test
    void everyBadMessageIsDeadLetteredWithItsPlaceAndTheNextOneIsTaken(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of("topics.partitions", "1"));
                var events = installation.events()) {
            installation.start(0);
            String file = installation.source("a.csv", GOOD).toString();
            var messages = new LinkedHashMap<String, String>();
            messages.put(
                    "JOB_INVALID /dataset",
                    "{\"jobId\":\"up\",\"dataset\":\"../up\",\"source\":{\"url\":\"%s\"}}".formatted(file));
            messages.put(
                    "JOB_INVALID /source/ulr",
                    "{\"jobId\":\"unknown\",\"dataset\":\"a\",\"source\":{\"url\":\"%s\",\"ulr\":1}}".formatted(file));
            messages.put("JOB_INVALID JSON", "{\"jobId\":\"broken\",\"dataset\":");
            messages.put(
                    "JOB_TOO_LARGE limits.messageBytes",
                    "{\"jobId\":\"large\",\"dataset\":\"a\",\"source\":{\"url\":\"%s\"}}".formatted(file)
                            + " ".repeat(400_000));

            messages.values().forEach(text -> installation.send(installation.topics.jobs(), "a", bytes(text)));
            submit(installation, "good", GOOD);
            completed(events, "good");
            installation.places().awaitNothingLeft();

            var wanted = List.copyOf(messages.keySet());
            var sent = List.copyOf(messages.values());
            List<DeadLetter> letters = installation.deadLetters();
            assertThat(letters).hasSize(messages.size());
            for (int at = 0; at < wanted.size(); at++) {
                List<String> codeAndPlace = List.of(wanted.get(at).split(" ", 2));
                long offset = at;
                DeadLetter letter = letters.stream()
                        .filter(one -> one.origin().offset() == offset)
                        .findFirst()
                        .orElseThrow();
                assertThat(letter.reason().code()).isEqualTo(codeAndPlace.getFirst());
                assertThat(letter.reason().message()).contains(codeAndPlace.getLast());
                assertThat(letter.valueBytes()).isEqualTo(bytes(sent.get(at)).length);
            }
            assertThat(installation.<Integer>datastore(
                            datastore -> datastore.datasets().size()))
                    .isEqualTo(1);
        }
    }

    /// A source that fails its job.
    ///
    /// @param said what the message must say
    private record Case(Source source, String code, String said) {
        void check(String name, Receipt receipt) {
            assertThat(receipt.outcome()).as(name).isEqualTo(Outcome.FAILED);
            assertThat(receipt.failure()).isNotNull().satisfies(failure -> {
                assertThat(failure.code()).as(name).isEqualTo(code);
                assertThat(failure.message()).as(name).contains(said);
                assertThat(failure.advice()).as(name).isNotBlank();
            });
            assertThat(receipt.stillServed())
                    .isNotNull()
                    .satisfies(served -> assertThat(served.rows()).isEqualTo(2));
        }
    }

    private static Map<String, Case> failing(Installation installation, int port) throws Exception {
        var cases = new TreeMap<String, Case>();
        Path missing = installation.sources().resolve("missing.csv");
        cases.put("missing", new Case(Source.url(missing.toString()), "SOURCE_NOT_FOUND", missing.toString()));
        String url = "http://127.0.0.1:" + port + "/gone.csv";
        cases.put("gone", new Case(Source.url(url), "HTTP_NOT_FOUND", "404"));
        cases.put("empty", new Case(source(installation, "empty", ""), "EMPTY_FILE", "no header"));
        cases.put("ragged", new Case(source(installation, "ragged", GOOD + "3\n4\n"), "TOO_MANY_REJECTED", "2 of 4"));
        byte[] bytes = bytes(GOOD + "3,300,dr?i,30\n");
        int at = new String(bytes, StandardCharsets.US_ASCII).indexOf('?');
        bytes[at] = (byte) 0x81;
        cases.put(
                "not-utf8",
                new Case(
                        Source.url(installation.source("not-utf8.csv", bytes).toString()),
                        "ENCODING_AMBIGUOUS",
                        "read.encoding"));
        return cases;
    }

    private static Map<String, Commit> publishAndCurate(
            Installation installation, EventLog events, Map<String, Case> cases) throws Exception {
        for (String name : cases.keySet()) {
            submit(installation, name, GOOD);
        }
        var heads = new TreeMap<String, Commit>();
        for (String name : cases.keySet()) {
            completed(events, name);
            installation.curate(name, "name", "amount", "code");
            heads.put(name, head(installation, name));
        }
        return heads;
    }

    private static void goodJobsComplete(Installation installation, EventLog events, List<String> names)
            throws Exception {
        for (String name : names) {
            Source source = source(installation, name + "-after", GOOD + "3,300,three,30\n");
            installation.submit(JobMessage.replace(name, source).withJobId(name + "-after"));
        }
        for (String name : names) {
            assertThat(completed(events, name + "-after").rows()).isEqualTo(3);
            installation.assertCurated(name, "name", "amount", "code");
        }
    }

    /// Sends a job that is named like its dataset.
    private static void submit(Installation installation, String name, String content) throws Exception {
        installation.submit(JobMessage.replace(name, source(installation, name + "-good", content))
                .withJobId(name));
    }

    private static Receipt completed(EventLog events, String job) {
        Receipt receipt = events.receiptOf(job);
        assertThat(receipt.outcome()).as("%s", receipt).isEqualTo(Outcome.COMPLETED);
        return receipt;
    }

    private static Commit head(Installation installation, String dataset) {
        return installation.datastore(
                datastore -> datastore.state(new DatasetId(dataset)).head().orElseThrow());
    }

    private static Source source(Installation installation, String name, String content) throws Exception {
        return Source.url(installation.source(name + ".csv", content).toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
