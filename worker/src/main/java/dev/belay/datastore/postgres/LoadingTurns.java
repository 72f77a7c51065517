package dev.belay.datastore.postgres;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/// Which loads may hold connections of the pool, in the order they came: together all of them but one, where
/// there are more than the two that a load on a base needs. So whoever claims, decides and publishes finds a
/// connection however long the loads last, and no load that holds its first connection waits for its second
/// one.
final class LoadingTurns {
    private static final int OF_A_LOAD = 2;

    // Fair; a permit is a connection.
    private final Semaphore free;

    /// @param connections of the pool, at least 2
    LoadingTurns(int connections) {
        if (connections < OF_A_LOAD) {
            throw new IllegalArgumentException("a load may need two connections, not " + connections);
        }
        free = new Semaphore(Math.max(OF_A_LOAD, connections - 1), true);
    }

    /// What is done with connections.
    @FunctionalInterface
    interface Work<T> {
        T make() throws JobFailure, IOException;
    }

    /// Does something that holds so many connections at most, at its turn. Interrupts are kept for later.
    <T> T with(int connections, Work<T> work) throws JobFailure, IOException {
        free.acquireUninterruptibly(connections);
        try {
            return work.make();
        } finally {
            free.release(connections);
        }
    }
}
