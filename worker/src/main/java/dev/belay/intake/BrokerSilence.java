package dev.belay.intake;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/// How long no byte has come from a broker, by a client's own count of them. A consumer's fetches and heartbeats are
/// answered even when there is nothing to take, so silence of more than some seconds is an outage; a connection that
/// stands says nothing of it.
final class BrokerSilence {
    private static final String GROUP = "consumer-metrics";
    private static final String BYTES = "incoming-byte-total";

    private final Supplier<Map<MetricName, ? extends Metric>> client;
    private @Nullable Metric bytes;
    private Object last = 0.0;
    private volatile long heardAt = System.nanoTime();

    /// @param client the metrics of a consumer
    BrokerSilence(Supplier<Map<MetricName, ? extends Metric>> client) {
        this.client = client;
    }

    /// Looks whether something has come; for one thread. A client that does not count is taken for one that hears.
    void look() {
        if (bytes == null) {
            bytes = found();
        }
        Object now = bytes == null ? Double.NaN : bytes.metricValue();
        if (bytes == null || !now.equals(last)) {
            last = now;
            heardAt = System.nanoTime();
        }
    }

    private @Nullable Metric found() {
        for (var one : client.get().entrySet()) {
            if (one.getKey().name().equals(BYTES) && one.getKey().group().equals(GROUP)) {
                return one.getValue();
            }
        }
        return null;
    }

    /// As of the last look; for any thread.
    Duration lasts() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }
}
