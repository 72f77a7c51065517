package dev.belay.runtime.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/// What a caller decides about an embedded broker.
///
/// @param folder where its records, its identity and its log files live; made when absent
/// @param port the loopback port clients connect to; a free one is taken when empty
/// @param startWithin how long it may take from launch to ready
/// @param stopWithin how long a clean stop may take before the process is ended by force
public record BrokerSettings(Path folder, OptionalInt port, Duration startWithin, Duration stopWithin) {
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    public BrokerSettings {
        folder = folder.toAbsolutePath().normalize();
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("broker port " + port.getAsInt() + " is not between 1 and 65535");
        }
    }

    /// A broker in this folder on a free port, with the usual deadlines.
    public static BrokerSettings in(Path folder) {
        return new BrokerSettings(folder, OptionalInt.empty(), START_WITHIN, STOP_WITHIN);
    }

    public BrokerSettings withPort(int fixed) {
        return new BrokerSettings(folder, OptionalInt.of(fixed), startWithin, stopWithin);
    }

    public BrokerSettings withStartWithin(Duration duration) {
        return new BrokerSettings(folder, port, duration, stopWithin);
    }

    public BrokerSettings withStopWithin(Duration duration) {
        return new BrokerSettings(folder, port, startWithin, duration);
    }
}
