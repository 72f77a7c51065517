package dev.belay.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// A server's `Retry-After` (RFC 9110 §10.2.3), carried as the cause of the failure it came with.
final class RetryLater extends Exception {
    private final transient Duration delay;

    RetryLater(Duration delay) {
        super("the server asks to come back after " + delay, null, false, false);
        this.delay = delay;
    }

    /// Reads the header: seconds or an HTTP date; empty when it is neither.
    static Optional<RetryLater> parsed(String header, InstantSource clock) {
        if (header.matches("[0-9]{1,9}")) {
            return Optional.of(new RetryLater(Duration.ofSeconds(Long.parseLong(header))));
        }
        try {
            Instant due = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
            Duration delay = Duration.between(clock.instant(), due);
            return Optional.of(new RetryLater(delay.isNegative() ? Duration.ZERO : delay));
        } catch (DateTimeParseException neither) {
            return Optional.empty();
        }
    }

    /// How long to wait.
    Duration delay() {
        return delay;
    }
}
