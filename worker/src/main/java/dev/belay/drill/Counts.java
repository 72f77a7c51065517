package dev.belay.drill;

import java.util.concurrent.atomic.AtomicInteger;

/// What was done so far. Safe for many threads.
final class Counts {
    final AtomicInteger workerKills = new AtomicInteger();
    final AtomicInteger brokerKills = new AtomicInteger();
    final AtomicInteger brokerReturns = new AtomicInteger();
    final AtomicInteger stops = new AtomicInteger();
    final AtomicInteger longStops = new AtomicInteger();
    final AtomicInteger foundNoBroker = new AtomicInteger();
    final AtomicInteger fencedByEarlierLife = new AtomicInteger();

    final AtomicInteger serverKills = new AtomicInteger();
    final AtomicInteger serverReturns = new AtomicInteger();
    final AtomicInteger foundNoServer = new AtomicInteger();

    int kills() {
        return workerKills.get() + brokerKills.get();
    }

    /// Whether the database's server has been down at any time since it had come back so many times.
    boolean wasServerDownSince(int returns) {
        return serverKills.get() > returns;
    }

    /// Whether the broker has been down at any time since it had come back so many times.
    boolean wasBrokerDownSince(int returns) {
        return brokerKills.get() > returns;
    }
}
