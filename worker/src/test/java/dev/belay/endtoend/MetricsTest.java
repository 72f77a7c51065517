package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.drill.WorkerProcess;
import dev.belay.kit.Scrape;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus and probes get of a real worker.
@ExtendWith(TestBrokers.class)
final class MetricsTest {
    private static final Pattern AT = Pattern.compile("metrics at (http://127\\.0\\.0\\.1:[0-9]+)/metrics");
    private static final String GOOD = "id,name\n1,one\n2,two\n3,three\n";
    private static final int UNREACHABLE = 3;
    /// More than there are threads to answer.
    private static final int SLOW_CLIENTS = 4;

    @TempDir
    Path folder;

    @Test
    void countsWhatARealWorkerDoes(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of("metrics.listen", "127.0.0.1:0"));
                var events = installation.events()) {
            WorkerProcess worker = installation.start(0).ready();
            URI at = at(worker);
            String good = installation.source("good.csv", GOOD).toUri().toString();
            String gone = installation.sources().resolve("gone.csv").toUri().toString();
            installation.submit(JobMessage.replace("one", Source.url(good)).withJobId("good"));
            assertThat(events.receiptOf("good").outcome()).isEqualTo(Outcome.COMPLETED);
            installation.submit(JobMessage.replace("one", Source.url(good)).withJobId("again"));
            installation.submit(JobMessage.replace("two", Source.url(gone)).withJobId("bad"));
            installation.send(installation.topics.jobs(), "three", "no job".getBytes(StandardCharsets.UTF_8));
            assertThat(events.receiptOf("again").outcome()).isEqualTo(Outcome.SKIPPED);
            assertThat(events.receiptOf("bad").outcome()).isEqualTo(Outcome.FAILED);

            // The last one is settled when the broker has it, and seen by the poll loop a second later.
            Scrape read = await().atMost(Installation.PATIENCE)
                    .until(
                            () -> scrape(at),
                            page -> page.value("belay_messages_sent_total{kind=\"dead_letter\"}") == 2
                                    && page.value("belay_partitions") > 3
                                    && page.value(open(installation)) == 0);

            assertThat(read.values())
                    .containsEntry("belay_jobs_ended_total{outcome=\"completed\"}", 1.0)
                    .containsEntry("belay_jobs_ended_total{outcome=\"skipped\"}", 1.0)
                    .containsEntry("belay_jobs_ended_total{outcome=\"failed\"}", 1.0)
                    .containsEntry("belay_jobs_failed_total{code=\"SOURCE_NOT_FOUND\"}", 1.0)
                    .containsEntry("belay_attempts_rolled_back_total{code=\"SOURCE_NOT_FOUND\"}", 1.0)
                    .containsEntry("belay_attempts_total", 3.0)
                    .containsEntry("belay_published_rows_total", 3.0)
                    .containsEntry("belay_source_bytes_total", 2.0 * GOOD.length())
                    .containsEntry("belay_job_duration_seconds_count", 3.0)
                    .containsEntry("belay_stage_duration_seconds_count{stage=\"publish\"}", 1.0)
                    .containsEntry("belay_jobs_running", 0.0)
                    .containsEntry("belay_outage{of=\"broker\"}", 0.0)
                    .containsEntry("belay_outage{of=\"journal\"}", 0.0)
                    .containsEntry("belay_outage{of=\"stores\"}", 0.0)
                    .containsEntry("belay_kafka_lag_messages{topic=\"%s\"}".formatted(installation.topics.jobs()), 0.0);
            assertThat(read.values().keySet())
                    .noneMatch(series -> series.contains("one") || series.contains("two") || series.contains(".csv"));

            URI health = URI.create(at + "/health");
            await().atMost(Installation.PATIENCE)
                    .until(() -> Scrape.get(health).statusCode() == 200
                            && scrape(at).value("belay_journal_beat_timestamp_seconds") > 0);
            answersInSpiteOfThoseWhoNeverEndTheirRequest(at);
            assertThat(worker.terminate(Duration.ofSeconds(60))).isEqualTo(128 + 15);
        }
    }

    private static String open(Installation installation) {
        return "belay_messages_open{topic=\"%s\"}".formatted(installation.topics.jobs());
    }

    private static void answersInSpiteOfThoseWhoNeverEndTheirRequest(URI at) throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int number = 0; number < SLOW_CLIENTS; number++) {
                var client = new Socket(InetAddress.getLoopbackAddress(), at.getPort());
                slow.add(client);
                client.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(Scrape.get(URI.create(at + "/health")).statusCode()).isEqualTo(200);
            assertThat(scrape(at).values()).isNotEmpty();
        } finally {
            for (Socket client : slow) {
                client.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenEndsTheStartWithItsCode(TestBroker broker) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var installation = new Installation(
                        broker, folder, Map.of("metrics.listen", "127.0.0.1:" + taken.getLocalPort()))) {
            WorkerProcess worker = installation.start(0);

            assertThat(worker.exit(Installation.PATIENCE)).isEqualTo(UNREACHABLE);
            assertThat(worker.said())
                    .contains("PORT_BUSY", "metrics.listen", Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    private static URI at(WorkerProcess worker) {
        Matcher found = AT.matcher(worker.said());
        assertThat(found.find()).as(worker.said()).isTrue();
        return URI.create(found.group(1));
    }

    private static Scrape scrape(URI at) throws IOException, InterruptedException {
        return Scrape.of(Scrape.get(URI.create(at + "/metrics")).body());
    }
}
