package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.Optional;
import java.util.function.Supplier;

/// What an HTTP status means for a fetch (RFC 9110 §15).
final class Statuses {
    private Statuses() {}

    /// Returns for 200 and 203; throws for every other status.
    ///
    /// @param retryLater the server's `Retry-After`, asked for only where it counts
    static void demandContent(int status, HttpUrl url, Supplier<Optional<RetryLater>> retryLater) throws JobFailure {
        String message = "%s: the server answers %d".formatted(url.shown(), status);
        switch (status) {
            case 200, 203 -> {}
            case 404, 410 -> throw JobFailure.permanent(FailureCode.HTTP_NOT_FOUND, message);
            case 401, 403 -> throw JobFailure.permanent(FailureCode.HTTP_FORBIDDEN, message);
            case 408, 425, 429 -> throw unavailable(message, retryLater.get());
            default -> {
                if (status >= 500 && status <= 599) {
                    throw unavailable(message, retryLater.get());
                }
                throw status >= 400 && status <= 499
                        ? JobFailure.permanent(FailureCode.HTTP_REJECTED, message)
                        : JobFailure.permanent(
                                FailureCode.HTTP_PROTOCOL, message + ", which does not answer a plain GET");
            }
        }
    }

    private static JobFailure unavailable(String message, Optional<RetryLater> later) {
        return later.isPresent()
                ? Failures.mayPass(
                        FailureCode.HTTP_UNAVAILABLE,
                        "%s and asks to come back after %d s"
                                .formatted(message, later.get().delay().toSeconds()),
                        later.get())
                : JobFailure.transientFailure(FailureCode.HTTP_UNAVAILABLE, message);
    }
}
