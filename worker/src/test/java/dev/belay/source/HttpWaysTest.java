package dev.belay.source;

import static dev.belay.source.LoopbackServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a host is reached: checked addresses only, redirects hop by hop. N01 and N08 to N14 of the hostile inputs.
@Timeout(120)
final class HttpWaysTest {
    private static final String REDIRECT = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n";

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
    void contactsNoServerOnASpecialAddress() {
        LoopbackServer server = serving((request, wire) -> wire.send(ok("abc")));
        Fixture fixture = new Fixture(workspace).server(server).http(http -> Fixture.allowing(http));

        fixture.fails(server.url("/"), Failure.Permanent.class, FailureCode.URL_FORBIDDEN_ADDRESS);
        fixture.resolver(Fixture.always("127.0.0.1"))
                .fails(
                        "http://public.example:" + server.port() + "/",
                        Failure.Permanent.class,
                        FailureCode.URL_FORBIDDEN_ADDRESS);

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void connectsToTheCheckedAddressOfANameThatChangesItsMind() throws Exception {
        LoopbackServer first = serving((request, wire) -> wire.send(ok("good")));
        Optional<LoopbackServer> second = servingOn("127.0.0.2", first.port());
        assumeTrue(second.isPresent(), "127.0.0.2 cannot be bound here");
        var lookUps = new AtomicInteger();
        Resolver rebinding =
                name -> List.of(InetAddress.ofLiteral(lookUps.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2"));

        new Fixture(workspace)
                .server(first)
                .http(http -> Fixture.allowing(http, "127.0.0.1/32"))
                .resolver(rebinding)
                .fetch("http://rebinding.example:" + first.port() + "/x.csv");

        assertThat(lookUps).hasValue(1);
        assertThat(first.requests())
                .singleElement()
                .satisfies(
                        request -> assertThat(request).containsIgnoringCase("Host: rebinding.example:" + first.port()));
        assertThat(second.get().requests()).isEmpty();
    }

    @Test
    void reachesAnExemptIpv6Address() throws Exception {
        Optional<LoopbackServer> server = servingOn("::1", 0);
        assumeTrue(server.isPresent(), "::1 cannot be bound here");
        int port = server.get().port();

        Fetched fetched = new Fixture(workspace)
                .http(http -> Fixture.allowing(http, "[::1]:" + port))
                .fetch("http://[::1]:" + port + "/x.csv");

        assertThat(fetched.length()).isEqualTo(4);
        assertThat(server.get().requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request).containsIgnoringCase("Host: [0:0:0:0:0:0:0:1]:" + port + "\r\n"));
    }

    @Test
    void checksANameAnewOnEveryHop() {
        var lookUps = new AtomicInteger();
        LoopbackServer server = serving((request, wire) -> wire.send(REDIRECT.formatted("/again?token=secret")));
        Resolver rebinding = name ->
                List.of(InetAddress.ofLiteral(lookUps.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254"));

        JobFailure failed = new Fixture(workspace)
                .server(server)
                .resolver(rebinding)
                .fails(
                        "http://rebinding.example:" + server.port() + "/",
                        Failure.Permanent.class,
                        FailureCode.URL_FORBIDDEN_ADDRESS);

        assertThat(failed.failure().message()).contains("redirect 1, from http://rebinding.example");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void triesTheNextAddressWhenOneDoesNotAccept() throws Exception {
        LoopbackServer server = serving((request, wire) -> wire.send(ok("abc")));

        Fetched fetched = new Fixture(workspace)
                .server(server)
                .resolver(Fixture.always("127.0.0.3", "127.0.0.1"))
                .fetch("http://two.example:" + server.port() + "/");

        assertThat(fetched.length()).isEqualTo(3);
    }

    @Test
    void followsRedirectsAndTakesTheTellingName() throws Exception {
        LoopbackServer server = serving((request, wire) -> wire.send(
                request.startsWith("GET /short ")
                        ? REDIRECT.formatted("next/../air.csv?token=secret")
                        : ok(request.lines().findFirst().orElseThrow())));
        Fixture fixture = new Fixture(workspace).server(server);

        Fetched fetched = fixture.fetch(server.url("/short"));

        assertThat(fixture.content()).asString().isEqualTo("GET /air.csv?token=secret HTTP/1.1");
        assertThat(fetched.fileName()).isEqualTo("air.csv");
    }

    @Test
    void sendsNoCredentialsAndNoCookiesToTheNextHost() throws Exception {
        LoopbackServer target = serving((request, wire) -> wire.send(ok("abc")));
        LoopbackServer first = serving((request, wire) -> wire.send("HTTP/1.1 307 X\r\nContent-Length: 0\r\n"
                + "Set-Cookie: a=b\r\nLocation: " + target.url("/x") + "\r\n\r\n"));

        new Fixture(workspace)
                .http(http -> Fixture.with(http, Set.of(first.port(), target.port())))
                .fetch(first.url("/"));

        assertThat(target.requests())
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .doesNotContainIgnoringCase("authorization")
                        .doesNotContainIgnoringCase("cookie")
                        .doesNotContainIgnoringCase("referer"));
    }

    @Test
    void refusesARedirectToASpecialAddressAndShowsTheHop() {
        LoopbackServer server = serving(
                (request, wire) -> wire.send(REDIRECT.formatted("http://169.254.169.254/latest/meta-data?secret")));

        JobFailure failed = new Fixture(workspace)
                .server(server)
                .fails(server.url("/x?secret"), Failure.Permanent.class, FailureCode.URL_FORBIDDEN_ADDRESS);

        assertThat(failed.failure().message())
                .contains("169.254.169.254", "metadata", "redirect 1, from http://127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://x/y", "gopher://x/y", "jar:file:/x!/y", "data:,x"})
    void refusesARedirectToAnotherScheme(String location) {
        LoopbackServer server = serving((request, wire) -> wire.send(REDIRECT.formatted(location)));

        JobFailure failed = new Fixture(workspace)
                .server(server)
                .fails(server.url("/"), Failure.Permanent.class, FailureCode.URL_SCHEME);

        assertThat(failed.failure().message()).contains("redirect 1");
    }

    @Test
    void refusesARedirectWithCredentialsInIt() {
        LoopbackServer server = serving((request, wire) -> wire.send(REDIRECT.formatted("http://a:secret@host/")));

        new Fixture(workspace).server(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.URL_USERINFO);
    }

    @Test
    void refusesARedirectToAPortThatIsNotListed() {
        LoopbackServer server = serving((request, wire) -> wire.send(REDIRECT.formatted("http://127.0.0.1:22/")));

        new Fixture(workspace).server(server).fails(server.url("/"), Failure.Permanent.class, FailureCode.URL_PORT);
    }

    @Test
    void followsFiveRedirects() throws Exception {
        LoopbackServer server = counting(5);

        assertThat(new Fixture(workspace).server(server).fetch(server.url("/0")).length())
                .isEqualTo(4);
        assertThat(server.requests()).hasSize(6);
    }

    @Test
    @FaultRow("F1")
    void endsARedirectLoop() {
        LoopbackServer server = counting(Integer.MAX_VALUE);

        JobFailure failed = new Fixture(workspace)
                .server(server)
                .fails(server.url("/0"), Failure.Permanent.class, FailureCode.HTTP_TOO_MANY_REDIRECTS);

        assertThat(failed.failure().message()).contains("more than 5");
        assertThat(server.requests()).hasSize(6);
    }

    /// Answers `/n` with a redirect to `/n+1`, up to `redirects` of them.
    private LoopbackServer counting(int redirects) {
        return serving((request, wire) -> {
            int at = Integer.parseInt(request.substring(5, request.indexOf(' ', 5)));
            wire.send(at < redirects ? REDIRECT.formatted("/" + (at + 1)) : ok("done"));
        });
    }

    private LoopbackServer serving(LoopbackServer.Script script) {
        LoopbackServer server = LoopbackServer.saying(script);
        servers.add(server);
        return server;
    }

    private Optional<LoopbackServer> servingOn(String address, int port) {
        try {
            LoopbackServer server = LoopbackServer.on(
                    address, port, ServerSocketFactory.getDefault(), (request, wire) -> wire.send(ok("evil")));
            servers.add(server);
            return Optional.of(server);
        } catch (UncheckedIOException notHere) {
            assertThat(notHere.getCause()).isInstanceOf(BindException.class);
            return Optional.empty();
        }
    }
}
