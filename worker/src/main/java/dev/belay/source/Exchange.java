package dev.belay.source;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;

/// One request to one host, over a connection of its own, to addresses that were checked.
///
/// The connection is always cut, never drained: a hostile body must not cost more than what was wanted of it.
final class Exchange {
    /// What came of it.
    sealed interface Answer {
        /// @param fetched the body; its file name is not decided here
        record Body(Fetched fetched) implements Answer {}

        /// @param location the header as sent
        record Redirect(String location) implements Answer {}
    }

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_HEADER_VALUE = 1024;

    private final HttpUrl url;
    private final List<InetAddress> addresses;
    private final SourceSettings settings;
    private final Surroundings surroundings;

    Exchange(HttpUrl url, List<InetAddress> addresses, SourceSettings settings, Surroundings surroundings) {
        this.url = url;
        this.addresses = List.copyOf(addresses);
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /// Asks, and writes the body if there is one to have.
    Answer answer(Order order) throws JobFailure {
        CloseableHttpClient client = PinnedClient.to(url, addresses, settings.http(), surroundings.tls());
        try {
            ClassicHttpResponse response = head(client);
            int status = response.getCode();
            if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
                return new Answer.Redirect(header(response, HttpHeaders.LOCATION)
                        .orElseThrow(() -> JobFailure.permanent(
                                FailureCode.HTTP_PROTOCOL,
                                "%s: the server answers %d without a usable Location".formatted(url.shown(), status))));
            }
            Statuses.demandContent(
                    status,
                    url,
                    () -> header(response, HttpHeaders.RETRY_AFTER)
                            .flatMap(value -> RetryLater.parsed(value, surroundings.clock())));
            demandIdentity(response);
            return new Answer.Body(body(response, client, order));
        } finally {
            client.close(CloseMode.IMMEDIATE);
        }
    }

    private ClassicHttpResponse head(CloseableHttpClient client) throws JobFailure {
        HttpSettings http = settings.http();
        var request = new HttpUriRequestBase("GET", PinnedClient.ROOT);
        request.setPath(url.target());
        var host = new HttpHost(url.scheme(), url.host(), url.port());
        try (var watchdog = Watchdog.after(http.connectTimeout().plus(http.timeout()), () -> cut(client, request))) {
            try {
                return client.executeOpen(host, request, null);
            } catch (IOException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Failures.stopped(url.shown());
                }
                throw watchdog.expired()
                        ? HttpFailures.noAnswer(url, http, failed)
                        : HttpFailures.ofHead(failed, url, http);
            }
        }
    }

    private void demandIdentity(ClassicHttpResponse response) throws JobFailure {
        for (Header encoding : response.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
            String value =
                    encoding.getValue() == null ? "" : encoding.getValue().strip();
            if (!value.isEmpty() && !value.toLowerCase(Locale.ROOT).equals("identity")) {
                throw JobFailure.permanent(
                        FailureCode.HTTP_ENCODING_UNSUPPORTED,
                        "%s: the server sends the content encoding \"%s\" though identity was asked for"
                                .formatted(url.shown(), Excerpt.of(value)));
            }
        }
    }

    private Fetched body(ClassicHttpResponse response, CloseableHttpClient client, Order order) throws JobFailure {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            throw JobFailure.permanent(FailureCode.HTTP_PROTOCOL, url.shown() + ": the answer has no body");
        }
        long announced = entity.getContentLength();
        boolean closeDelimited = announced < 0 && !entity.isChunked();
        try (Spool spool = Spool.open(order, settings.maxBytes(), announced < 0 ? Spool.UNKNOWN : announced)) {
            copy(entity, client, spool);
            Sha256 digest = spool.keep();
            return new Fetched(
                    spool.length(),
                    digest,
                    header(response, HttpHeaders.ETAG),
                    header(response, HttpHeaders.CONTENT_TYPE),
                    "",
                    closeDelimited ? List.of(possiblyCut(spool.length())) : List.of());
        }
    }

    private void copy(HttpEntity entity, CloseableHttpClient client, Spool spool) throws JobFailure {
        var pace = new Pace(settings.http(), surroundings.nanoTime(), url.shown());
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] other = new byte[BUFFER_BYTES];
        try (var watchdog = Watchdog.after(settings.http().bodyTimeout(), () -> client.close(CloseMode.IMMEDIATE))) {
            try {
                // Not closed here: closing would read the rest.
                InputStream content = entity.getContent();
                for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                    pace.received(count);
                    spool.write(buffer, count);
                    byte[] written = buffer;
                    buffer = other;
                    other = written;
                }
            } catch (SocketTimeoutException silent) {
                throw watchdog.expired() ? pace.tooLong() : pace.silent();
            } catch (IOException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Failures.stopped(url.shown());
                }
                throw watchdog.expired() ? pace.tooLong() : HttpFailures.ofBody(failed, url, spool.length());
            }
            // A connection that the watchdog cut can look like the end of a close-delimited body.
            if (watchdog.expired()) {
                throw pace.tooLong();
            }
        }
    }

    private String possiblyCut(long length) {
        return "HTTP_LENGTH_UNKNOWN: %s did not say how long it is; after %d bytes the server closed the connection, "
                        .formatted(url.shown(), length)
                + "so it is possibly truncated";
    }

    /// A header that came once, fits, and is printable.
    private static Optional<String> header(ClassicHttpResponse response, String name) {
        Header[] found = response.getHeaders(name);
        if (found.length != 1 || found[0].getValue() == null) {
            return Optional.empty();
        }
        String value = found[0].getValue().strip();
        boolean usable = !value.isEmpty()
                && value.length() <= MAX_HEADER_VALUE
                && StandardCharsets.US_ASCII.newEncoder().canEncode(value)
                && value.chars().noneMatch(Character::isISOControl);
        return usable ? Optional.of(value) : Optional.empty();
    }

    private static void cut(CloseableHttpClient client, HttpUriRequestBase request) {
        request.cancel();
        client.close(CloseMode.IMMEDIATE);
    }
}
