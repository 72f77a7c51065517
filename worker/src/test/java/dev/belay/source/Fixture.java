package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import dev.belay.job.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.Assertions;

/// A source with a workspace folder, and the assertions every test of it makes.
final class Fixture {
    /// Time-outs long enough never to fire by themselves, pauses short enough not to be felt.
    static final HttpSettings HTTP = new HttpSettings(
            List.of("127.0.0.0/8"),
            Set.of(80, 443),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            0,
            5,
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(50),
            100,
            Duration.ofSeconds(600),
            4);

    private final Path workspace;
    private List<Path> roots = List.of();
    private List<Path> forbidden = List.of();
    private long maxBytes = 1 << 20;
    private HttpSettings http = HTTP;
    private Resolver resolver = name -> {
        throw new UnknownHostException(name);
    };
    private LongSupplier nanoTime = System::nanoTime;
    private Optional<SSLContext> tls = Optional.empty();

    Fixture(Path workspace) {
        this.workspace = workspace;
    }

    Fixture roots(Path... folders) {
        roots = List.of(folders);
        return this;
    }

    Fixture forbidden(Path... folders) {
        forbidden = List.of(folders);
        return this;
    }

    Fixture maxBytes(long limit) {
        maxBytes = limit;
        return this;
    }

    /// Opens the server's port.
    Fixture server(LoopbackServer server) {
        return http(settings -> with(settings, Set.of(80, 443, server.port())));
    }

    Fixture http(UnaryOperator<HttpSettings> change) {
        http = change.apply(http);
        return this;
    }

    Fixture resolver(Resolver names) {
        resolver = names;
        return this;
    }

    Fixture nanoTime(LongSupplier clock) {
        nanoTime = clock;
        return this;
    }

    Fixture tls(SSLContext context) {
        tls = Optional.of(context);
        return this;
    }

    GuardedSource source() {
        var surroundings = new Surroundings(
                resolver, () -> tls.orElseGet(Fixture::defaultTrust), InstantSource.system(), nanoTime, new Random(1));
        return new GuardedSource(new SourceSettings(roots, forbidden, maxBytes, http), surroundings);
    }

    Path target() {
        return workspace.resolve("fetched.part");
    }

    Fetched fetch(String url) throws JobFailure {
        return source().fetch(job(url), target(), Progress.SILENT);
    }

    byte[] content() throws IOException {
        return Files.readAllBytes(target());
    }

    /// Fetches, expects this failure, and that nothing is left in the workspace.
    JobFailure fails(String url, Class<? extends Failure> kind, FailureCode code) {
        return fails(source(), job(url), kind, code);
    }

    JobFailure fails(Source source, JobSource.Url job, Class<? extends Failure> kind, FailureCode code) {
        JobFailure failed =
                Assertions.catchThrowableOfType(JobFailure.class, () -> source.fetch(job, target(), Progress.SILENT));
        assertThat(failed).as(job.url()).isNotNull();
        assertThat(failed.failure().code()).as(failed.getMessage()).isEqualTo(code);
        assertThat(failed.failure()).as(failed.getMessage()).isInstanceOf(kind);
        assertThat(failed.getMessage()).hasSizeLessThan(500).doesNotContain("secret");
        assertThat(target()).doesNotExist();
        return failed;
    }

    static JobSource.Url job(String url) {
        return new JobSource.Url(url, Optional.empty());
    }

    static JobSource.Url job(String url, Sha256 digest) {
        return new JobSource.Url(url, Optional.of(digest));
    }

    static Resolver always(String... addresses) {
        return name -> Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    }

    static HttpSettings with(HttpSettings from, Set<Integer> ports) {
        return new HttpSettings(
                from.allow(),
                ports,
                from.connectTimeout(),
                from.timeout(),
                from.bodyTimeout(),
                from.minBytesPerSecond(),
                from.maxRedirects(),
                from.attempts(),
                from.backoff(),
                from.retryAfterCap(),
                from.breakerFailures(),
                from.breakerPause(),
                from.perHost());
    }

    static HttpSettings allowing(HttpSettings from, String... allow) {
        return new HttpSettings(
                List.of(allow),
                from.ports(),
                from.connectTimeout(),
                from.timeout(),
                from.bodyTimeout(),
                from.minBytesPerSecond(),
                from.maxRedirects(),
                from.attempts(),
                from.backoff(),
                from.retryAfterCap(),
                from.breakerFailures(),
                from.breakerPause(),
                from.perHost());
    }

    static HttpSettings limited(HttpSettings from, Duration timeout, Duration bodyTimeout, long minBytesPerSecond) {
        return new HttpSettings(
                from.allow(),
                from.ports(),
                from.connectTimeout(),
                timeout,
                bodyTimeout,
                minBytesPerSecond,
                from.maxRedirects(),
                from.attempts(),
                from.backoff(),
                from.retryAfterCap(),
                from.breakerFailures(),
                from.breakerPause(),
                from.perHost());
    }

    static HttpSettings trying(HttpSettings from, int attempts, int breakerFailures) {
        return new HttpSettings(
                from.allow(),
                from.ports(),
                from.connectTimeout(),
                from.timeout(),
                from.bodyTimeout(),
                from.minBytesPerSecond(),
                from.maxRedirects(),
                attempts,
                from.backoff(),
                from.retryAfterCap(),
                breakerFailures,
                from.breakerPause(),
                from.perHost());
    }

    private static SSLContext defaultTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
