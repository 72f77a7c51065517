package dev.belay.job;

import java.security.SecureRandom;
import java.time.InstantSource;

/// Mints ULIDs. Handed in by constructor, so that tests decide.
@FunctionalInterface
public interface IdSource {
    /// A new ULID (26 characters of Crockford's base 32: 48 bits of milliseconds, 80 random bits).
    String next();

    /// A new operation id.
    default OperationId nextOperation() {
        return new OperationId(next());
    }

    /// Ids from the given clock and a cryptographically strong random source. Safe for many threads.
    static IdSource random(InstantSource clock) {
        var random = new SecureRandom();
        return () -> {
            byte[] entropy = new byte[10];
            random.nextBytes(entropy);
            return Ulid.of(clock.millis(), entropy);
        };
    }
}
