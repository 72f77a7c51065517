package dev.belay.bench;

import dev.belay.sql.PostgresDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/// What workers cost that have nothing to do.
///
/// @param connections of all of them
/// @param nanos       how long they were looked at since
/// @param cpu         meanwhile
/// @param server      asked for meanwhile
public record IdleCrew(int connections, long nanos, Usage cpu, ServerFacts server) {
    private static final long LOOK_MILLIS = 250;
    private static final long WATCHED_SECONDS = 30;

    /// Waits until each holds one connection, or is past giving others back; then looks for half a minute.
    static IdleCrew look(Crew crew, BenchDatabase database, int workers) throws IOException, InterruptedException {
        int connections = settled(database, workers);
        ServerFacts facts = database.facts();
        Usage usage = crew.usage();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
        Usage used = crew.usage().since(usage);
        return new IdleCrew(
                connections, System.nanoTime() - start, used, database.facts().since(facts));
    }

    private static int settled(BenchDatabase database, int workers) throws IOException, InterruptedException {
        long end = System.nanoTime() + PostgresDatabase.IDLE.multipliedBy(4).toNanos();
        try (Connection connection = database.connect()) {
            int connections = BenchDatabase.connections(connection);
            while (connections > workers && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                connections = BenchDatabase.connections(connection);
            }
            return connections;
        } catch (SQLException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }
}
