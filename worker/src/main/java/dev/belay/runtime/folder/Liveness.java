package dev.belay.runtime.folder;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether a worker lives, by its [SignOfLife]: what `belay health` and a worker's own page say. It tells nothing of
/// Kafka or the stores, whose outages no restart mends.
///
/// @param silent how long ago the last sign was given; empty when none was
/// @param within how long a worker may be silent
public record Liveness(Optional<Duration> silent, Duration within) {
    /// As it is now.
    public static Liveness of(Optional<Instant> last, Duration within, Instant now) {
        return new Liveness(last.map(given -> Duration.between(given, now)), within);
    }

    /// Whether the last sign is young enough.
    public boolean lives() {
        return silent.filter(silence -> silence.compareTo(within) <= 0).isPresent();
    }

    /// A line for people.
    ///
    /// @param nobodyHas whose silence it would be, such as `this worker has not`
    public String text(String nobodyHas) {
        if (silent.isEmpty()) {
            return nobodyHas + " said that it lives; belay doctor looks further";
        }
        long seconds = Math.max(0, silent.get().toSeconds());
        return lives()
                ? "alive, %d s ago".formatted(seconds)
                : "%s said for %d s that it lives (worker.ownerLostAfter is %d s)"
                        .formatted(nobodyHas, seconds, within.toSeconds());
    }
}
