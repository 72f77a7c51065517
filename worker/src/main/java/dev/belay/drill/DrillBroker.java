package dev.belay.drill;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.broker.BrokerFailure;
import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import java.nio.file.Path;

/// The embedded broker of a drill, which is killed and started again on the same port and folder. Safe for many
/// threads.
final class DrillBroker implements AutoCloseable {
    private final BrokerSettings settings;
    private final Counts counts;
    // Guarded by this.
    private EmbeddedBroker broker;
    private boolean closed;

    private DrillBroker(BrokerSettings settings, Counts counts, EmbeddedBroker broker) {
        this.settings = settings;
        this.counts = counts;
        this.broker = broker;
    }

    /// @throws JobFailure `PORT_BUSY`, `BROKER_START_FAILED` and the like
    static DrillBroker start(Path folder, Counts counts) throws JobFailure {
        var settings = BrokerSettings.in(folder).withStartWithin(Site.PATIENCE);
        EmbeddedBroker broker = started(settings);
        return new DrillBroker(settings.withPort(broker.port()), counts, broker);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + settings.port().orElseThrow();
    }

    /// `kill -9`, and a new one at once.
    synchronized void killAndStart() throws JobFailure {
        if (!closed) {
            broker.kill();
            counts.brokerKills.incrementAndGet();
            broker = started(settings);
            counts.brokerReturns.incrementAndGet();
        }
    }

    private static EmbeddedBroker started(BrokerSettings settings) throws JobFailure {
        try {
            return EmbeddedBroker.start(settings);
        } catch (BrokerFailure failed) {
            throw JobFailure.configuration(FailureCode.valueOf(failed.code()), String.valueOf(failed.getMessage()));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        broker.close();
    }
}
