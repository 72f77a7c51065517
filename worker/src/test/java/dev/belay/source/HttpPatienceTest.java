package dev.belay.source;

import static dev.belay.source.LoopbackServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import io.github.resilience4j.core.functions.Either;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Time: servers that never end (N19), attempts in place with `Retry-After` (N27), and hosts that are left alone.
@Timeout(120)
final class HttpPatienceTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<LoopbackServer> servers = new ArrayList<>();

    @TempDir
    Path workspace;

    @AfterEach
    void closeServers() throws IOException {
        for (LoopbackServer server : servers) {
            server.close();
        }
    }

    @Test
    void endsABodyThatComesBelowTheMinimumRate() {
        LoopbackServer server = serving((request, wire) -> wire.send(ok("x".repeat(1000))));
        // Eleven seconds pass whenever bytes were read, without waiting for them.
        var clock = new AtomicLong();

        JobFailure failed = fixture(server, Duration.ofHours(1), 1024)
                .nanoTime(() -> clock.addAndGet(Duration.ofSeconds(11).toNanos()))
                .fails(server.url("/x?secret"), Failure.Transient.class, FailureCode.HTTP_BODY_TIMEOUT);

        assertThat(failed.failure().message()).contains("source.http.minBytesPerSecond is 1024");
    }

    @Test
    void endsOneByteEveryHalfSecondAfterTenSeconds() {
        var clock = new AtomicLong();
        var pace = new Pace(HttpSettings.defaults(), clock::get, "http://x/");
        var received = new AtomicInteger();

        JobFailure failed = catchThrowableOfType(JobFailure.class, () -> {
            while (true) {
                clock.addAndGet(Duration.ofMillis(500).toNanos());
                received.incrementAndGet();
                pace.received(1);
            }
        });

        assertThat(failed.failure().code()).isEqualTo(FailureCode.HTTP_BODY_TIMEOUT);
        assertThat(failed.failure().message()).contains("at 2 bytes a second");
        assertThat(received).hasValue(20);
    }

    @Test
    void letsASlowBodyPassThatKeepsTheMinimumRate() throws Exception {
        var clock = new AtomicLong();
        var pace = new Pace(HttpSettings.defaults(), clock::get, "http://x/");

        for (int second = 0; second < 1000; second++) {
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            pace.received(1024);
        }
    }

    @Test
    void endsABodyThatDripsBeyondItsDeadline() {
        LoopbackServer server = serving((request, wire) ->
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").drip("x"));

        JobFailure failed = fixture(server, Duration.ofMillis(300), 0)
                .fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_BODY_TIMEOUT);

        assertThat(failed.failure().message()).contains("300 ms", "source.http.bodyTimeout");
    }

    @Test
    void endsABodyWhoseChunkHeadersDrip() {
        LoopbackServer server =
                serving((request, wire) -> wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
                        .drip("x"));

        fixture(server, Duration.ofMillis(300), 0)
                .fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_BODY_TIMEOUT);
    }

    @Test
    void endsABodyThatStopsComing() {
        LoopbackServer server = serving((request, wire) ->
                wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc").hang());

        fixture(server, Duration.ofMillis(300), 0)
                .fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_BODY_TIMEOUT);
    }

    @Test
    void endsASilentBodyAfterTheTimeOutOfOneRead() {
        LoopbackServer server = serving((request, wire) ->
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").hang());
        Fixture fixture = new Fixture(workspace)
                .server(server)
                .http(http -> Fixture.limited(http, Duration.ofSeconds(3), LONG, 0));

        JobFailure failed = fixture.fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_BODY_TIMEOUT);

        assertThat(failed.failure().message()).contains("no byte of the body came for 3000 ms");
    }

    @Test
    @FaultRow("F1")
    void endsAServerThatNeverAnswers() {
        LoopbackServer server = serving((request, wire) -> wire.hang());
        Fixture fixture = new Fixture(workspace)
                .server(server)
                .http(http -> Fixture.limited(http, Duration.ofMillis(300), LONG, 0));

        JobFailure failed = fixture.fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_TIMEOUT);

        assertThat(failed.failure().message()).contains("300 ms", "source.http.timeout");
    }

    @Test
    void endsAServerThatDripsItsHeaders() {
        LoopbackServer server =
                serving((request, wire) -> wire.send("HTTP/1.1 200 OK\r\nX: ").drip("y"));
        HttpSettings quick = new HttpSettings(
                Fixture.HTTP.allow(),
                Fixture.HTTP.ports(),
                Duration.ofMillis(200),
                Duration.ofMillis(200),
                LONG,
                0,
                5,
                1,
                Duration.ofMillis(1),
                LONG,
                10,
                LONG,
                4);

        new Fixture(workspace)
                .http(http -> quick)
                .server(server)
                .fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_TIMEOUT);
    }

    @Test
    void triesAgainInPlaceWhenTheServerAsksForALittleTime() throws Exception {
        var asked = new AtomicInteger();
        LoopbackServer server = serving((request, wire) -> wire.send(
                asked.incrementAndGet() < 3
                        ? "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
                        : ok("abc")));

        Fetched fetched = retrying(server, 3).fetch(server.url("/"));

        assertThat(fetched.length()).isEqualTo(3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void startsTheFileAnewWhenABodyWasCut() throws Exception {
        var asked = new AtomicInteger();
        LoopbackServer server = serving((request, wire) -> wire.send(
                asked.incrementAndGet() == 1
                        ? "HTTP/1.1 200 OK\r\nETag: 1\r\nContent-Length: 9\r\n\r\nold"
                        : ok("new")));
        Fixture fixture = retrying(server, 2);

        fixture.fetch(server.url("/"));

        assertThat(fixture.content()).asString().isEqualTo("new");
        assertThat(server.requests().getLast()).doesNotContainIgnoringCase("range:");
    }

    @Test
    void givesTheLastFailureUpAfterTheLastAttempt() {
        LoopbackServer server = serving((request, wire) -> wire.send("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"));

        retrying(server, 3).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);

        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void comesNotBackInPlaceWhenTheServerAsksForMoreTimeThanTheCap() {
        LoopbackServer server = serving(
                (request, wire) -> wire.send("HTTP/1.1 429 X\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"));

        JobFailure failed =
                retrying(server, 3).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);

        assertThat(failed.failure().message()).contains("asks to come back after 3600 s");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void startsNoAttemptAfterTheBodyTimeOutHasPassed() {
        LoopbackServer server = serving((request, wire) -> wire.send("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"));
        var clock = new AtomicLong();

        retrying(server, 3)
                .nanoTime(() -> clock.addAndGet(Fixture.HTTP.bodyTimeout().toNanos()))
                .fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void leavesAHostAloneThatFailedTooOften() {
        LoopbackServer server = serving((request, wire) -> wire.send("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"));
        Fixture fixture = new Fixture(workspace).server(server).http(http -> Fixture.trying(http, 3, 4));
        Source source = fixture.source();

        JobFailure[] failures = new JobFailure[3];
        for (int fetch = 0; fetch < failures.length; fetch++) {
            failures[fetch] = fixture.fails(
                    source, Fixture.job(server.url("/")), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);
        }

        assertThat(server.requests()).hasSize(4);
        assertThat(failures[0].failure().message()).contains("answers 500");
        assertThat(failures[2].failure().message()).contains("failed 4 times in a row", "left alone for 600 s");
    }

    @Test
    void goesOnSpeakingToAHostThatRefuses() {
        LoopbackServer server = serving((request, wire) -> wire.send("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"));
        Fixture fixture = new Fixture(workspace).server(server).http(http -> Fixture.trying(http, 1, 2));
        Source source = fixture.source();

        for (int fetch = 0; fetch < 5; fetch++) {
            fixture.fails(source, Fixture.job(server.url("/")), Failure.Permanent.class, FailureCode.HTTP_NOT_FOUND);
        }

        assertThat(server.requests()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({"1, 250, 500", "2, 500, 1000", "3, 1000, 2000", "7, 15000, 30000", "40, 15000, 30000"})
    void doublesThePauseUpToItsCapAndTakesHalfOfItAtRandom(int attempt, long least, long most) {
        Patience patience = patience();

        for (int draw = 0; draw < 100; draw++) {
            assertThat(patience.pause(attempt, Either.left(new IOException()))).isBetween(least, most);
        }
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        JobFailure asked = Failures.mayPass(FailureCode.HTTP_UNAVAILABLE, "503", new RetryLater(Duration.ofSeconds(7)));

        assertThat(patience().pause(1, Either.left(asked))).isEqualTo(7000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120|PT2M",
                "Sat, 21 Nov 2026 12:00:30 GMT|PT30S",
                "Sat, 21 Nov 2026 11:00:00 GMT|PT0S",
                "soon|",
                "-5|",
                "9999999999999|"
            })
    void readsRetryAfterInBothForms(String header, @Nullable Duration expected) {
        InstantSource noon = () -> Instant.parse("2026-11-21T12:00:00Z");

        assertThat(RetryLater.parsed(header, noon).map(RetryLater::delay)).isEqualTo(Optional.ofNullable(expected));
    }

    private static Patience patience() {
        return new Patience(HttpSettings.defaults(), Surroundings.real(InstantSource.system(), new Random(42)));
    }

    private Fixture fixture(LoopbackServer server, Duration bodyTimeout, long minBytesPerSecond) {
        return new Fixture(workspace)
                .server(server)
                .http(http -> Fixture.limited(http, LONG, bodyTimeout, minBytesPerSecond));
    }

    private Fixture retrying(LoopbackServer server, int attempts) {
        return new Fixture(workspace).server(server).http(http -> Fixture.trying(http, attempts, 100));
    }

    private LoopbackServer serving(LoopbackServer.Script script) {
        LoopbackServer server = LoopbackServer.saying(script);
        servers.add(server);
        return server;
    }
}
