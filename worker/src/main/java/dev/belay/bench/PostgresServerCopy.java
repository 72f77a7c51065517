package dev.belay.bench;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// The server's own `COPY … FROM 'file' (FORMAT csv)` into a table of the types that Belay has found: the
/// server's process reads the file itself, so it has to be on this machine and to be allowed to.
final class PostgresServerCopy implements Contender {
    private static final String TABLE = "belay_bench_copied";

    private final PostgresServer server;
    private final Engine engine;
    private final Map<Path, String> columns = new HashMap<>();

    /// @param engine on the same server: finds the types, outside of what is measured; closed with this
    PostgresServerCopy(PostgresServer server, Engine engine) {
        this.server = server;
        this.engine = engine;
    }

    @Override
    public String name() {
        return "PostgreSQL COPY CSV, typed";
    }

    @Override
    public String terms() {
        return "server-side COPY, FORMAT csv, FREEZE, into a table of the types that Belay has found, made in the same transaction, committed; nobody has to find the types, no row numbers, no key, no statistics; CPU of the server's process";
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, JobFailure {
        try {
            String types = columns.containsKey(file.path()) ? columns.get(file.path()) : types(file);
            columns.put(file.path(), types);
            return copied(file, types);
        } catch (SQLException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    private Cost copied(LoadedFile file, String types) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + TABLE);
            statement.execute("SET synchronous_commit = on");
            statement.execute("SET DateStyle = 'ISO, MDY'");
            connection.setAutoCommit(false);
            long pid;
            try (var found = statement.executeQuery("SELECT pg_backend_pid()")) {
                found.next();
                pid = found.getLong(1);
            }
            connection.commit();
            ServerCpu cpu = server.cpu(pid);
            Map<Long, Long> before = cpu.nanos();
            long start = System.nanoTime();
            statement.execute("CREATE TABLE %s (%s)".formatted(TABLE, types));
            long rows = statement.executeLargeUpdate("COPY %s FROM '%s' (FORMAT csv, HEADER, FREEZE)"
                    .formatted(TABLE, file.path().toAbsolutePath().toString().replace("'", "''")));
            connection.commit();
            long nanos = System.nanoTime() - start;
            OptionalLong used = cpu.since(before);
            statement.execute("DROP TABLE " + TABLE);
            connection.commit();
            return new Cost(nanos, used, OptionalLong.empty(), rows);
        }
    }

    private String types(LoadedFile file) throws SQLException, JobFailure {
        var found = new StringBuilder();
        var failure = new SQLException[1];
        engine.load(file, () -> {
            try (Connection connection = server.connect();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("""
                            SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                              ORDER BY a.attnum)
                            FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                            JOIN pg_namespace AS n ON n.oid = c.relnamespace
                            WHERE n.nspname = '%s' AND c.relkind = 'r' AND a.attnum > 1
                            """.formatted(server.staging()))) {
                row.next();
                found.append(row.getString(1));
            } catch (SQLException failed) {
                failure[0] = failed;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return found.toString();
    }

    @Override
    public void close() {
        engine.close();
    }
}
