package dev.belay.source;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// How other hosts are spoken to. One attempt takes at most `(maxRedirects + 1) × (2 × connectTimeout + timeout) +
/// bodyTimeout`; no attempt starts once `bodyTimeout` has passed since the first began, so a fetch ends within about
/// twice that time, whatever a server does.
///
/// @param allow             what is exempt from the address guard (`source.http.allow`): a host name or address (on the
/// listed ports), `host:port` (that port too), or a CIDR block of addresses
/// @param ports             ports that may be spoken to
/// @param connectTimeout    until a name is resolved, and again until one of its addresses accepts
/// @param timeout           from then until the whole head of the response is there, TLS included
/// @param bodyTimeout       until the whole body is there
/// @param minBytesPerSecond slowest body, measured over each ten seconds; 0 for no such limit
/// @param maxRedirects      redirects followed
/// @param attempts          attempts in place, the first one included
/// @param backoff           wait before the second attempt; doubles with each further one, half of it is random
/// @param retryAfterCap     longest wait a server's `Retry-After` can ask for
/// @param breakerFailures   failures of one host in a row until it is left alone
/// @param breakerPause      for how long it is left alone
/// @param perHost           fetches from one host at the same time
public record HttpSettings(
        List<String> allow,
        Set<Integer> ports,
        Duration connectTimeout,
        Duration timeout,
        Duration bodyTimeout,
        long minBytesPerSecond,
        int maxRedirects,
        int attempts,
        Duration backoff,
        Duration retryAfterCap,
        int breakerFailures,
        Duration breakerPause,
        int perHost) {
    /// @throws IllegalArgumentException naming the setting that is out of its range
    public HttpSettings {
        allow = List.copyOf(allow);
        ports = Set.copyOf(ports);
        for (int port : ports) {
            atLeast("source.http.ports", port, 1);
        }
        atLeast("source.http.connectTimeout in milliseconds", connectTimeout.toMillis(), 1);
        atLeast("source.http.timeout in milliseconds", timeout.toMillis(), 1);
        atLeast("source.http.bodyTimeout in milliseconds", bodyTimeout.toMillis(), 1);
        atLeast("source.http.minBytesPerSecond", minBytesPerSecond, 0);
        atLeast("source.http.maxRedirects", maxRedirects, 0);
        atLeast("source.http.attempts", attempts, 1);
        atLeast("source.http.backoff in milliseconds", backoff.toMillis(), 1);
        atLeast("source.http.retryAfterCap in milliseconds", retryAfterCap.toMillis(), 1);
        atLeast("source.http.breakerFailures", breakerFailures, 1);
        atLeast("source.http.breakerPause in milliseconds", breakerPause.toMillis(), 1);
        atLeast("source.http.perHost", perHost, 1);
        AllowList.of(allow);
    }

    /// Ports 80 and 443, no exemption, 10 s to connect, 30 s to the head, half an hour for the body, three
    /// attempts.
    public static HttpSettings defaults() {
        return new HttpSettings(
                List.of(),
                Set.of(80, 443),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                1024,
                5,
                3,
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                10,
                Duration.ofSeconds(30),
                4);
    }

    private static void atLeast(String setting, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("%s is %d, must be at least %d".formatted(setting, value, least));
        }
    }
}
