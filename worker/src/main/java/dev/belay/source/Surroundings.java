package dev.belay.source;

import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// What fetching takes from the world, so that tests can decide it.
///
/// @param resolver names to addresses
/// @param tls      whom to trust; asked for only when an https URL is fetched, because loading the authorities costs
/// @param clock    for dates in `Retry-After`
/// @param nanoTime a clock that only goes forward, for rates and deadlines
/// @param random   for jitter; must be safe for many threads
record Surroundings(
        Resolver resolver,
        Supplier<SSLContext> tls,
        InstantSource clock,
        LongSupplier nanoTime,
        RandomGenerator random) {
    /// The JDK's trust, the system's resolver and monotonic clock.
    static Surroundings real(InstantSource clock, RandomGenerator random) {
        return new Surroundings(Resolver.system(), Surroundings::defaultTrust, clock, System::nanoTime, random);
    }

    private static SSLContext defaultTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("the JDK's default TLS settings cannot be used", broken);
        }
    }
}
