package dev.belay.intake;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops everything while journal, datastore or stash cannot be used, and lets one job at a time find out whether they
/// can again. The first outage opens it; the probes come slower and slower, up to half a minute apart.
final class OutageBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(OutageBreaker.class);
    private static final Duration FIRST_PROBE = Duration.ofMillis(250);
    private static final Duration RAREST_PROBE = Duration.ofSeconds(30);

    private final CircuitBreaker breaker;

    OutageBreaker(InstantSource time) {
        Clock clock = time.withZone(ZoneOffset.UTC);
        breaker = CircuitBreaker.of(
                "stores",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_PROBE, 2.0, RAREST_PROBE))
                        .clock(clock)
                        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOG.warn(
                        "{}",
                        switch (event.getStateTransition().getToState()) {
                            case OPEN, FORCED_OPEN ->
                                "an outage: no message is taken until journal, datastore and stash can be used; `belay doctor` names the reason";
                            case HALF_OPEN -> "an outage: one job tries whether it is over";
                            case CLOSED, DISABLED, METRICS_ONLY -> "the outage is over: messages are taken again";
                        }));
    }

    /// Asks for leave to run a job; who gets it must say afterwards how it went.
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    /// The stores could be used.
    void worked() {
        breaker.onSuccess(0, TimeUnit.MILLISECONDS);
    }

    /// They could not.
    void failed(String reason) {
        LOG.warn("outage: {}", reason);
        breaker.onError(0, TimeUnit.MILLISECONDS, new IllegalStateException(reason));
    }

    /// It was not tried.
    void untried() {
        breaker.releasePermission();
    }

    boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
