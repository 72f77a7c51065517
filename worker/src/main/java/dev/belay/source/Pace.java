package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Ends a body that comes too slowly: in all (`bodyTimeout`), or over ten seconds (`minBytesPerSecond`).
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final HttpSettings settings;
    private final LongSupplier nanoTime;
    private final String shown;
    private final long started;
    private long windowStarted;
    private long windowBytes;

    Pace(HttpSettings settings, LongSupplier nanoTime, String shown) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.shown = shown;
        this.started = nanoTime.getAsLong();
        this.windowStarted = started;
    }

    /// Notes that bytes arrived.
    void received(int count) throws JobFailure {
        long now = nanoTime.getAsLong();
        windowBytes += count;
        if (now - started >= settings.bodyTimeout().toNanos()) {
            throw tooLong();
        }
        long passed = now - windowStarted;
        if (passed < WINDOW.toNanos()) {
            return;
        }
        double perSecond = windowBytes * 1e9 / passed;
        if (perSecond < settings.minBytesPerSecond()) {
            throw JobFailure.transientFailure(
                    FailureCode.HTTP_BODY_TIMEOUT,
                    "%s: the body came at %.0f bytes a second, source.http.minBytesPerSecond is %d"
                            .formatted(shown, perSecond, settings.minBytesPerSecond()));
        }
        windowStarted = now;
        windowBytes = 0;
    }

    /// The failure of a body that is not there after `bodyTimeout`.
    JobFailure tooLong() {
        return JobFailure.transientFailure(
                FailureCode.HTTP_BODY_TIMEOUT,
                "%s: the body was not there after %d ms (source.http.bodyTimeout)"
                        .formatted(shown, settings.bodyTimeout().toMillis()));
    }

    /// The failure of a body that stopped coming.
    JobFailure silent() {
        return JobFailure.transientFailure(
                FailureCode.HTTP_BODY_TIMEOUT,
                "%s: no byte of the body came for %d ms (source.http.timeout)"
                        .formatted(shown, settings.timeout().toMillis()));
    }
}
