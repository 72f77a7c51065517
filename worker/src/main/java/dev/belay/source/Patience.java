package dev.belay.source;

import dev.belay.job.Failure;
import dev.belay.job.JobFailure;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/// Tries again in place what may pass within seconds; whatever takes longer goes up, to the job's own retry.
///
/// Not tried again: what is not [Failure.Transient]; a host that the breaker leaves alone; a server that asks for more
/// time than `retryAfterCap` (coming back earlier would be rude and in vain); anything once `bodyTimeout` has passed
/// since the first attempt.
final class Patience {
    private final HttpSettings settings;
    private final Surroundings surroundings;

    Patience(HttpSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /// Calls until it succeeds or there is no point any more; throws the last failure.
    Fetched patiently(Callable<Fetched> attempt, String shown) throws JobFailure {
        long started = surroundings.nanoTime().getAsLong();
        var retry = Retry.of(
                "source",
                RetryConfig.<Fetched>custom()
                        .maxAttempts(settings.attempts())
                        .retryOnException(failed -> worthwhile(failed, started))
                        .intervalBiFunction(this::pause)
                        .build());
        try {
            return retry.executeCallable(attempt);
        } catch (JobFailure failed) {
            throw failed;
        } catch (CancellationException interrupted) {
            Thread.currentThread().interrupt();
            throw Failures.stopped(shown);
        } catch (RuntimeException ours) {
            throw ours;
        } catch (Exception other) {
            throw new IllegalStateException("an attempt threw what no attempt throws", other);
        }
    }

    /// Milliseconds to wait after the `attempt`-th failure.
    long pause(int attempt, Either<Throwable, Fetched> outcome) {
        long doubled = settings.backoff().toMillis() << Math.min(attempt - 1, 20);
        long ceiling = Math.min(doubled, settings.retryAfterCap().toMillis());
        long jittered = ceiling - surroundings.random().nextLong(ceiling / 2 + 1);
        return outcome.isLeft() ? Math.max(jittered, asked(outcome.getLeft()).toMillis()) : jittered;
    }

    private boolean worthwhile(Throwable thrown, long started) {
        boolean mayPass = thrown instanceof JobFailure failed
                && failed.failure() instanceof Failure.Transient
                && !(failed.getCause() instanceof Breakers.LeftAlone)
                && !Thread.currentThread().isInterrupted();
        long elapsed = surroundings.nanoTime().getAsLong() - started;
        return mayPass
                && elapsed < settings.bodyTimeout().toNanos()
                && asked(thrown).compareTo(settings.retryAfterCap()) <= 0;
    }

    private static Duration asked(Throwable thrown) {
        return thrown.getCause() instanceof RetryLater later ? later.delay() : Duration.ZERO;
    }
}
