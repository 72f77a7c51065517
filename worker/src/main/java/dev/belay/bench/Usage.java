package dev.belay.bench;

import java.util.OptionalLong;

/// CPU of those who work together, in nanoseconds; empty where it is not known.
///
/// @param workers all of them
/// @param server  that holds the stores; nothing where they are in files
public record Usage(OptionalLong workers, OptionalLong broker, OptionalLong server) {
    /// Of all of them together, as far as it is known.
    public OptionalLong total() {
        return workers.isPresent() && broker.isPresent()
                ? OptionalLong.of(workers.getAsLong() + broker.getAsLong() + server.orElse(0))
                : OptionalLong.empty();
    }

    Usage since(Usage before) {
        return new Usage(
                difference(workers, before.workers),
                difference(broker, before.broker),
                difference(server, before.server));
    }

    private static OptionalLong difference(OptionalLong now, OptionalLong before) {
        return now.isPresent() && before.isPresent()
                ? OptionalLong.of(now.getAsLong() - before.getAsLong())
                : OptionalLong.empty();
    }
}
