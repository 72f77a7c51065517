package dev.belay.saga;

import dev.belay.job.Failure;
import dev.belay.job.RetryRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether and when a failed attempt is followed by another.
///
/// @param delays by number of the failed attempt; the last one stands for all that follow
record RetryPolicy(List<Duration> delays) {
    /// How long the next attempt waits, or empty when the job is over.
    ///
    /// @param attempts counted so far, the failed one included
    Optional<Duration> next(Failure failure, int attempts, RetryRule rule) {
        if (attempts >= rule.maxAttempts() || !isWorthATry(failure, rule)) {
            return Optional.empty();
        }
        return Optional.of(delays.get(Math.min(attempts, delays.size()) - 1));
    }

    /// Whether the kind of failure allows another attempt at all.
    static boolean isWorthATry(Failure failure, RetryRule rule) {
        return switch (failure) {
            case Failure.Transient _, Failure.Conflict _, Failure.Configuration _, Failure.Unknown _ -> true;
            case Failure.Permanent _ -> rule.permanentAlso();
            case Failure.Corrupt _ -> false;
        };
    }
}
