package dev.belay.runtime.broker;

import java.util.Optional;

/// The one line the broker's process writes to its standard output, and the only thing it ever writes there.
sealed interface ChildProtocol {
    String READY = "BELAY_BROKER_READY bootstrap=";
    String FAILED = "BELAY_BROKER_FAILED code=";

    /// Clients may connect.
    record Ready(String bootstrapServers) implements ChildProtocol {}

    /// The process is about to end; the code is one of [BrokerFailure]'s.
    record Failed(String code, String message) implements ChildProtocol {}

    default String line() {
        return switch (this) {
            case Ready(var bootstrapServers) -> READY + bootstrapServers;
            case Failed(var code, var message) -> FAILED + code + " " + message.replaceAll("\\R", " ");
        };
    }

    /// Empty for a line that is not of this protocol (a JVM may print lines of its own before).
    static Optional<ChildProtocol> parse(String line) {
        if (line.startsWith(READY)) {
            return Optional.of(new Ready(line.substring(READY.length())));
        }
        if (line.startsWith(FAILED)) {
            var parts = line.substring(FAILED.length()).split(" ", 2);
            return Optional.of(new Failed(parts[0], parts.length == 2 ? parts[1] : ""));
        }
        return Optional.empty();
    }
}
