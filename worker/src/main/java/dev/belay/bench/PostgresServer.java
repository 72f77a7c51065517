package dev.belay.bench;

import dev.belay.datastore.postgres.PostgresDatastore;
import dev.belay.datastore.postgres.Schemas;
import dev.belay.parts.Cores;
import dev.belay.sql.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/// A PostgreSQL server whose database a bench may work in: in schemas of its own, which it drops.
public record PostgresServer(PostgresAddress address) {
    private static final Schemas SCHEMAS = Schemas.named("belay_bench", "belay_bench_live");
    private static final int CONNECTIONS = 5;

    /// @param url as [PostgresAddress] takes it
    public static PostgresServer at(String url, String user, String password) {
        return new PostgresServer(new PostgresAddress(url, user, password));
    }

    PostgresDatastore datastore(Cores cores) {
        return PostgresDatastore.open(address, SCHEMAS, CONNECTIONS, RandomGenerator.getDefault(), cores);
    }

    /// Where staged tables are.
    String staging() {
        return SCHEMAS.staging();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(address.url(), address.user(), address.password());
    }

    /// Of the server's processes that serve Belay's connections.
    ServerCpu cpu() {
        return new OfConnections("SELECT pid FROM pg_stat_activity WHERE application_name = 'belay'");
    }

    /// Of the server's process that serves one connection.
    ///
    /// @param pid as `pg_backend_pid()` says
    ServerCpu cpu(long pid) {
        return new OfConnections("SELECT " + pid);
    }

    void dropSchemas() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(
                    "DROP SCHEMA IF EXISTS belay_bench, belay_bench_staging, belay_bench_versions, belay_bench_live CASCADE");
        }
    }

    private final class OfConnections implements ServerCpu {
        private final String pids;

        OfConnections(String pids) {
            this.pids = pids;
        }

        @Override
        public Map<Long, Long> nanos() {
            var nanos = new HashMap<Long, Long>();
            try (Connection connection = connect();
                    var statement = connection.createStatement();
                    var found = statement.executeQuery(pids)) {
                while (found.next()) {
                    long pid = found.getLong(1);
                    if (ProcessFacts.isCalled(pid, "postgres")) {
                        ProcessFacts.cpuOf(pid).ifPresent(cpu -> nanos.put(pid, cpu));
                    }
                }
            } catch (SQLException unknown) {
                return Map.of();
            }
            return nanos;
        }

        @Override
        public OptionalLong since(Map<Long, Long> before) {
            Map<Long, Long> now = nanos();
            return now.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(now.entrySet().stream()
                            .mapToLong(process -> process.getValue() - before.getOrDefault(process.getKey(), 0L))
                            .sum());
        }
    }
}
