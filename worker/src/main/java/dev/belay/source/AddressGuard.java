package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Decides whether a job may reach a URL, and at which addresses.
///
/// The name is resolved here, once; every answer is checked and one bad answer refuses them all. Only what is returned
/// may be connected to, so a name that changes its mind between check and connection gains nothing.
final class AddressGuard {
    private static final Pattern FORBIDDEN_NAME =
            Pattern.compile("(?:.*\\.)?localhost|metadata|metadata\\.goog|metadata\\.google\\.internal");

    private final AllowList allowed;
    private final Set<Integer> ports;
    private final Duration resolveTimeout;
    private final Resolver resolver;

    AddressGuard(HttpSettings settings, Resolver resolver) {
        this.allowed = AllowList.of(settings.allow());
        this.ports = settings.ports();
        this.resolveTimeout = settings.connectTimeout();
        this.resolver = resolver;
    }

    /// @return the addresses to connect to, in the resolver's order
    /// @throws JobFailure Permanent when the URL is out of bounds, Transient when its name cannot be resolved now
    List<InetAddress> vetted(HttpUrl url) throws JobFailure {
        if (!ports.contains(url.port()) && !allowed.opensPort(url)) {
            throw JobFailure.permanent(
                    FailureCode.URL_PORT,
                    "%s: port %d is not among the ports of source.http.ports %s"
                            .formatted(
                                    url.shown(),
                                    url.port(),
                                    ports.stream().sorted().toList()));
        }
        if (allowed.names(url)) {
            return addresses(url);
        }
        if (FORBIDDEN_NAME.matcher(url.host()).matches()) {
            throw forbidden(url, "the name is reserved for this machine or a cloud metadata service");
        }
        List<InetAddress> addresses = addresses(url);
        for (InetAddress address : addresses) {
            Optional<String> purpose = SpecialAddresses.purposeOf(address.getAddress());
            if (purpose.isPresent() && !allowed.covers(address)) {
                // The address itself stays out of the message: who writes jobs need not learn the inner network.
                throw forbidden(url, "its address is special: " + purpose.get());
            }
        }
        return addresses;
    }

    private static JobFailure forbidden(HttpUrl url, String why) {
        return JobFailure.permanent(
                FailureCode.URL_FORBIDDEN_ADDRESS,
                "%s: jobs may not reach this host, %s; source.http.allow can exempt it".formatted(url.shown(), why));
    }

    private List<InetAddress> addresses(HttpUrl url) throws JobFailure {
        return url.literal().isPresent() ? List.of(url.literal().get()) : resolved(url);
    }

    private List<InetAddress> resolved(HttpUrl url) throws JobFailure {
        try {
            // A look-up cannot be interrupted, so it has a thread of its own that ends with it.
            return TimeLimiter.of(resolveTimeout).executeFutureSupplier(() -> {
                var lookUp = new FutureTask<>(() -> resolver.addressesOf(url.host()));
                Thread.ofPlatform().daemon().name("resolve").start(lookUp);
                return lookUp;
            });
        } catch (UnknownHostException unknown) {
            throw unreachable(url, "the name cannot be resolved", unknown);
        } catch (TimeoutException slow) {
            throw unreachable(
                    url,
                    "the name was not resolved within %d ms (source.http.connectTimeout)"
                            .formatted(resolveTimeout.toMillis()),
                    slow);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Failures.stopped(url.shown());
        } catch (RuntimeException ours) {
            throw ours;
        } catch (Exception other) {
            throw new IllegalStateException("resolving a name threw what no resolver throws", other);
        }
    }

    private static JobFailure unreachable(HttpUrl url, String why, Exception cause) {
        return Failures.mayPass(FailureCode.HTTP_CONNECT, url.shown() + ": " + why, cause);
    }
}
