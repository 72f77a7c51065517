package dev.belay.source;

import static dev.belay.source.LoopbackServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers of servers, good and hostile: N20 to N27 and N30, and the source's contract over http.
@Timeout(120)
final class HttpSourceTest extends SourceContract {
    private final List<LoopbackServer> servers = new ArrayList<>();

    @TempDir
    Path room;

    @AfterEach
    void closeServers() throws IOException {
        for (LoopbackServer server : servers) {
            server.close();
        }
    }

    @Override
    Offer offering(byte[] content) {
        LoopbackServer server = serving((request, wire) -> {
            boolean there = request.startsWith("GET /air.csv ");
            byte[] body = there ? content : new byte[0];
            wire.send("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n".formatted(there ? "200 OK" : "404 No", body.length))
                    .send(body);
        });
        Source source = new Fixture(room).server(server).source();
        return new Offer(source, server.url("/air.csv"), server.url("/missing.csv"));
    }

    @Test
    void asksPlainlyAndTellsWhatTheServerSays() throws Exception {
        LoopbackServer server = serving("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: W/\"7\"\r\n"
                + "Content-Type: text/csv; charset=utf-8\r\nSet-Cookie: a=b\r\n\r\na\n1");

        Fetched fetched = fixture(server).fetch(server.url("/files/gr%C3%B6%C3%9Fe.csv?token=secret"));

        assertThat(fetched.entityTag()).hasValue("W/\"7\"");
        assertThat(fetched.mediaType()).hasValue("text/csv; charset=utf-8");
        assertThat(fetched.fileName()).isEqualTo("größe.csv");
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("GET /files/gr%C3%B6%C3%9Fe.csv?token=secret HTTP/1.1\r\n")
                        .containsIgnoringCase("Host: 127.0.0.1:" + server.port() + "\r\n")
                        .contains("Accept-Encoding: identity\r\n")
                        .doesNotContainIgnoringCase("authorization:")
                        .doesNotContainIgnoringCase("cookie:")
                        .doesNotContainIgnoringCase("upgrade:"));
    }

    @ParameterizedTest
    @CsvSource({
        "404, HTTP_NOT_FOUND",
        "410, HTTP_NOT_FOUND",
        "401, HTTP_FORBIDDEN",
        "403, HTTP_FORBIDDEN",
        "400, HTTP_REJECTED",
        "407, HTTP_REJECTED",
        "418, HTTP_REJECTED",
        "451, HTTP_REJECTED",
        "204, HTTP_PROTOCOL",
        "206, HTTP_PROTOCOL",
        "304, HTTP_PROTOCOL",
        "300, HTTP_PROTOCOL",
        "302, HTTP_PROTOCOL",
        "600, HTTP_PROTOCOL"
    })
    void neverRetriesARefusal(int status, FailureCode code) {
        LoopbackServer server = serving(
                "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n" + "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n");

        JobFailure failed = fixture(server)
                .http(http -> Fixture.trying(http, 3, 100))
                .fails(server.url("/x.csv?token=secret"), Failure.Permanent.class, code);

        assertThat(failed.failure().message()).contains("127.0.0.1:" + server.port() + "/x.csv?…", "" + status);
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 507, 522, 524, 599})
    @FaultRow("F1")
    void callsATroubledServerTransient(int status) {
        LoopbackServer server = serving("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");

        fixture(server).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);
    }

    @Test
    @FaultRow("F1")
    void noticesABodyThatEndsBeforeItsLength() {
        LoopbackServer server = serving("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n12345678");

        JobFailure failed = fixture(server).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_TRUNCATED);

        assertThat(failed.failure().message()).contains("after 8 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\n123", "5\r\n12345", "5\r\n12345\r\n", "zz\r\n12345\r\n0\r\n\r\n", "5", "5\r\n"})
    void noticesChunksThatAreCutOrMalformed(String body) {
        LoopbackServer server = serving("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        fixture(server).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_TRUNCATED);
    }

    @Test
    void readsWholeChunks() throws Exception {
        LoopbackServer server = serving(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n12345\r\n3\r\n678\r\n0\r\nT: v\r\n\r\n");
        Fixture fixture = fixture(server);

        Fetched fetched = fixture.fetch(server.url("/"));

        assertThat(new String(fixture.content(), StandardCharsets.UTF_8)).isEqualTo("12345678");
        assertThat(fetched.warnings()).isEmpty();
    }

    @Test
    void acceptsABodyWithoutLengthAndWarnsThatItMayBeCut() throws Exception {
        LoopbackServer server = serving("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na,b\n1,");
        Fixture fixture = fixture(server);

        Fetched fetched = fixture.fetch(server.url("/x.csv?secret"));

        assertThat(fixture.content()).hasSize(6);
        assertThat(fetched.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith("HTTP_LENGTH_UNKNOWN")
                        .contains("possibly truncated", "6 bytes")
                        .doesNotContain("secret"));
    }

    @Test
    void refusesAnAnnouncedSizeBeforeItReadsAByte() {
        LoopbackServer server = serving((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").hang();
        });

        JobFailure failed =
                fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.SOURCE_TOO_LARGE);

        assertThat(failed.failure().message()).contains("10000000000", "limits.sourceBytes is 1048576");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"})
    void stopsReadingAtTheSizeLimit(String header) {
        LoopbackServer server = serving((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\n" + header);
            while (true) {
                wire.send("3e8\r\n" + "x".repeat(1000) + "\r\n");
            }
        });

        fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.SOURCE_TOO_LARGE);
    }

    @Test
    void refusesMoreHeadersThanTheLimit() {
        LoopbackServer server = serving((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\n");
            while (true) {
                wire.send("X-Header: y\r\n".repeat(100));
            }
        });

        JobFailure failed =
                fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.HTTP_HEADERS_TOO_LARGE);

        assertThat(failed.failure().message()).contains("200 headers", "16384 bytes");
    }

    @Test
    void refusesAHeaderLongerThanTheLimit() {
        LoopbackServer server = serving((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                wire.send("y".repeat(1000));
            }
        });

        fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.HTTP_HEADERS_TOO_LARGE);
    }

    @Test
    void refusesATrailerLongerThanTheLimit() {
        LoopbackServer server = serving((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
            while (true) {
                wire.send("X-Header: y\r\n".repeat(100));
            }
        });

        fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.HTTP_HEADERS_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd", "deflate", "identity, gzip", "GZIP"})
    void refusesAContentEncodingThatWasNotAskedFor(String encoding) {
        LoopbackServer server =
                serving("HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + "\r\nContent-Length: 3\r\n\r\nabc");

        JobFailure failed =
                fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.HTTP_ENCODING_UNSUPPORTED);

        assertThat(failed.failure().message()).contains(encoding);
    }

    @Test
    void acceptsTheIdentityEncoding() throws Exception {
        LoopbackServer server =
                serving("HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\nContent-Length: 3\r\n\r\nabc");

        assertThat(fixture(server).fetch(server.url("/")).length()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
                "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void callsGarbageNoHttp(String garbage) {
        LoopbackServer server = serving(garbage);

        fixture(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.HTTP_PROTOCOL);
    }

    @Test
    void callsAConnectionThatClosesWithoutAnAnswerTransient() {
        LoopbackServer server = serving("");

        fixture(server).fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_CONNECT);
    }

    @Test
    void callsARefusedConnectionTransient() throws Exception {
        LoopbackServer server = serving("");
        Fixture fixture = fixture(server);
        server.close();

        fixture.fails(server.url("/"), Failure.Transient.class, FailureCode.HTTP_CONNECT);
    }

    @Test
    void callsAnUnknownNameTransient() {
        new Fixture(workspace).fails("http://nowhere.example/x", Failure.Transient.class, FailureCode.HTTP_CONNECT);
    }

    @Test
    void passesOverInterimAnswers() throws Exception {
        LoopbackServer server =
                serving("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok("abc"));

        assertThat(fixture(server).fetch(server.url("/")).length()).isEqualTo(3);
    }

    @Test
    void leavesOutHeadersThatCannotBeTrusted() throws Exception {
        LoopbackServer server = serving("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: a\r\nETag: b\r\n"
                + "Content-Type: " + "x".repeat(5000) + "\r\n\r\nx");

        Fetched fetched = fixture(server).fetch(server.url("/"));

        assertThat(fetched.entityTag()).isEmpty();
        assertThat(fetched.mediaType()).isEmpty();
    }

    private LoopbackServer serving(LoopbackServer.Script script) {
        LoopbackServer server = LoopbackServer.saying(script);
        servers.add(server);
        return server;
    }

    private LoopbackServer serving(String response) {
        return serving((request, wire) -> wire.send(response));
    }

    private Fixture fixture(LoopbackServer server) {
        return new Fixture(workspace).server(server);
    }
}
