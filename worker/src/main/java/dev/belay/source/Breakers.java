package dev.belay.source;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.exception.AcquirePermissionCancelledException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// One circuit breaker and one bulkhead per host and port: a host in trouble is left alone for a while and costs no
/// time, and no host is asked for more files at once than it is fair to ask for.
///
/// Only failures that are the host's (transient ones) count; a 404 is a healthy answer. The least recently used of more
/// than [#MAX_HOSTS] hosts is forgotten, because jobs choose the names.
final class Breakers {
    static final int MAX_HOSTS = 1024;

    /// The cause of a failure that is due to an open breaker.
    static final class LeftAlone extends Exception {
        LeftAlone() {
            super("circuit breaker open", null, false, false);
        }
    }

    private final CircuitBreakerConfig config;
    private final BulkheadConfig room;
    private final HttpSettings settings;

    /// What stands before one host.
    private record Guards(CircuitBreaker breaker, Bulkhead bulkhead) {}

    // Guarded by itself.
    private final Map<String, Guards> byHost = new LinkedHashMap<>(16, 0.75f, true);

    Breakers(HttpSettings settings) {
        this.settings = settings;
        this.config = CircuitBreakerConfig.custom()
                .slidingWindowSize(settings.breakerFailures())
                .minimumNumberOfCalls(settings.breakerFailures())
                .failureRateThreshold(100)
                .waitDurationInOpenState(settings.breakerPause())
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordException(Breakers::hostsFault)
                .ignoreException(failed -> !(failed instanceof JobFailure))
                .build();
        this.room = BulkheadConfig.custom()
                .maxConcurrentCalls(settings.perHost())
                .maxWaitDuration(settings.timeout())
                .build();
    }

    /// Calls unless the host is left alone just now.
    <T> T guarded(HttpUrl url, Callable<T> call) throws JobFailure {
        try {
            Guards guards = guards(url.host() + ":" + url.port());
            return guards.bulkhead().executeCallable(() -> guards.breaker().executeCallable(call));
        } catch (AcquirePermissionCancelledException interrupted) {
            throw Failures.stopped(url.shown());
        } catch (BulkheadFullException full) {
            throw Failures.mayPass(
                    FailureCode.HTTP_UNAVAILABLE,
                    "%s: %d files are being fetched from this host already (source.http.perHost)"
                            .formatted(url.shown(), settings.perHost()),
                    full);
        } catch (CallNotPermittedException open) {
            throw Failures.mayPass(
                    FailureCode.HTTP_UNAVAILABLE,
                    "%s: the host failed %d times in a row and is left alone for %d s"
                            .formatted(
                                    url.shown(),
                                    settings.breakerFailures(),
                                    settings.breakerPause().toSeconds()),
                    new LeftAlone());
        } catch (JobFailure failed) {
            throw failed;
        } catch (RuntimeException ours) {
            throw ours;
        } catch (Exception other) {
            throw new IllegalStateException("a request threw what no request throws", other);
        }
    }

    private static boolean hostsFault(Throwable failed) {
        return failed instanceof JobFailure known
                && known.failure() instanceof Failure.Transient
                && known.failure().code() != FailureCode.WORKER_STOPPED;
    }

    private Guards guards(String host) {
        synchronized (byHost) {
            Guards guards = byHost.computeIfAbsent(
                    host, name -> new Guards(CircuitBreaker.of(name, config), Bulkhead.of(name, room)));
            if (byHost.size() > MAX_HOSTS) {
                byHost.remove(byHost.keySet().iterator().next());
            }
            return guards;
        }
    }
}
