package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belay.drill.WorkerProcess;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestBrokers.class)
final class GracefulStopTest {
    /// 128 + SIGTERM.
    private static final int TERMINATED = 143;

    @TempDir
    Path folder;

    @Test
    void givesUpALongLoadAtASafePointAndTheNextWorkerDoesIt(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            WorkerProcess first = installation.start(0);
            LongLoad.prepare(installation, events);
            var load = new LongLoad(installation, "long-job", 1_500_000);
            installation.submit(load.message(false));
            load.awaitStaging();

            assertThat(first.terminate(Duration.ofSeconds(30))).isEqualTo(TERMINATED);

            assertThat(first.said()).doesNotContain("ERROR").doesNotContain("Exception");
            assertThat(load.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.endedAt()).isPresent();
                assertThat(attempt.counted()).isFalse();
            });
            assertThat(load.served()).isEqualTo(2);
            installation.assertNothingIsLeftLying();

            installation.start(1);
            assertThat(events.receiptOf("long-job").outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(load.served()).isEqualTo(load.rows());
            events.toEnd();
            assertThat(events.terminalOf("long-job")).hasSize(1);
            assertThat(events.of("long-job"))
                    .filteredOn(heard -> heard.type() == EventType.JOB_ROLLED_BACK)
                    .singleElement()
                    .satisfies(heard -> assertThat(
                                    ((EventData.RolledBack) heard.event().data())
                                            .failure()
                                            .code())
                            .isEqualTo("WORKER_STOPPED"));
            installation.assertCurated(LongLoad.DATASET, "name", "amount", "code");
        }
    }

    @Test
    void endsWithinItsTimeAlsoWhenAJobReachesNoSafePoint(TestBroker broker) throws Exception {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        HttpServer server = stalling(reached, goOn);
        try (var installation = new Installation(
                        broker,
                        folder,
                        Map.of(
                                "worker.stopWithin",
                                "3s",
                                "source.http.allow",
                                "127.0.0.1",
                                "source.http.ports",
                                Integer.toString(server.getAddress().getPort()),
                                "source.http.minBytesPerSecond",
                                "0"));
                var events = installation.events()) {
            WorkerProcess first = installation.start(0);
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/slow.csv";
            installation.submit(
                    JobMessage.replace("slow", JobMessage.Source.url(url)).withJobId("slow-job"));
            assertThat(reached.await(180, TimeUnit.SECONDS)).isTrue();

            // Three seconds of its own, the rest is the JVM's and a loaded machine's.
            assertThat(first.terminate(Duration.ofSeconds(25))).isEqualTo(TERMINATED);

            goOn.countDown();
            installation.start(0);
            assertThat(events.receiptOf("slow-job").outcome()).isEqualTo(Outcome.COMPLETED);
            installation.places().awaitNothingLeft();
            events.toEnd();
            assertThat(events.terminalOf("slow-job")).hasSize(1);
            installation.assertNothingIsLeftLying();
        } finally {
            goOn.countDown();
            server.stop(0);
        }
    }

    /// A server that stops in the middle of the body until it is told to go on.
    private static HttpServer stalling(CountDownLatch reached, CountDownLatch goOn) throws Exception {
        byte[] body = "id,name\n1,one\n2,two\n".getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/slow.csv", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                var out = exchange.getResponseBody();
                out.write(body, 0, 10);
                out.flush();
                reached.countDown();
                if (goOn.await(180, TimeUnit.SECONDS)) {
                    out.write(body, 10, body.length - 10);
                    out.flush();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }
}
