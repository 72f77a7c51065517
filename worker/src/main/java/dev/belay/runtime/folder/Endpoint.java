package dev.belay.runtime.folder;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How to reach the Kafka of a running `belay dev` or `belay run`, and which process that is.
///
/// @param processStarted when the process began, so that another one with the same id later is not taken for it
public record Endpoint(String bootstrapServers, Kind kind, long pid, Instant processStarted) {
    /// What is running.
    public enum Kind {
        /// Until it is stopped.
        DEV,
        /// Until its files are loaded.
        RUN;

        /// As it is in the file.
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> of(String text) {
            for (Kind kind : values()) {
                if (kind.text().equals(text)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /// This process as what is running.
    public static Endpoint ofThisProcess(String bootstrapServers, Kind kind) {
        var process = ProcessHandle.current();
        return new Endpoint(
                bootstrapServers,
                kind,
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH));
    }
}
