package dev.belay.bench;

import dev.belay.sql.PostgresAddress;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A database of a bench's own on somebody's server, for the journal and the datasets of its workers; dropped at the
/// end. Whoever is killed leaves it, and the next bench begins with a new one of the same name.
final class BenchDatabase implements AutoCloseable {
    private static final String NAME = "belay_bench";
    private static final Pattern DATABASE = Pattern.compile("(jdbc:postgresql://[^/]+/)[^?]*(.*)");

    private final PostgresAddress server;
    private final PostgresAddress address;

    private BenchDatabase(PostgresAddress server, PostgresAddress address) {
        this.server = server;
        this.address = address;
    }

    /// @param server a database whose role may make others
    /// @throws IOException when it may not, or the server cannot be reached
    static BenchDatabase make(PostgresServer server) throws IOException {
        PostgresAddress given = server.address();
        String url = DATABASE.matcher(given.url()).replaceFirst("$1" + NAME + "$2");
        var database = new BenchDatabase(given, new PostgresAddress(url, given.user(), given.password()));
        try (Connection connection = connect(given);
                Statement statement = connection.createStatement()) {
            statement.execute(dropping());
            statement.execute("CREATE DATABASE " + NAME + " ENCODING 'UTF8' TEMPLATE template0");
        } catch (SQLException failed) {
            throw new IOException(
                    "no database can be made at %s: %s".formatted(given.place(), failed.getMessage()), failed);
        }
        return database;
    }

    private static String dropping() {
        return "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)";
    }

    private static Connection connect(PostgresAddress address) throws SQLException {
        return DriverManager.getConnection(address.url(), address.user(), address.password());
    }

    /// As the settings `journal.url` and `datastore.url` take it.
    String url() {
        String role = URLEncoder.encode(address.user(), StandardCharsets.UTF_8).replace("+", "%20");
        return address.url().replaceFirst("^jdbc:postgresql://", "postgresql://" + role + "@");
    }

    String password() {
        return address.password();
    }

    /// Someone who looks at it, and is none of those who are counted.
    Connection connect() throws SQLException {
        return connect(address);
    }

    ServerFacts facts() throws IOException {
        try (Connection connection = connect()) {
            return ServerFacts.of(connection);
        } catch (SQLException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /// Connections of all workers just now.
    static int connections(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'belay'
                        """)) {
            found.next();
            return found.getInt(1);
        }
    }

    /// Jobs that each worker has ended, by its slot.
    Map<String, Long> endedBySlot() throws IOException {
        var ended = new TreeMap<String, Long>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        SELECT owner_slot, count(*) FROM belay_journal.attempt WHERE ended_at IS NOT NULL GROUP BY 1
                        """)) {
            while (found.next()) {
                ended.put(found.getString(1), found.getLong(2));
            }
            return ended;
        } catch (SQLException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /// CPU of the server with all its processes, where it runs on this machine.
    OptionalLong cpu() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT pg_backend_pid()")) {
            found.next();
            long pid = found.getLong(1);
            return ProcessFacts.isCalled(pid, "postgres")
                    ? ProcessHandle.of(pid)
                            .flatMap(ProcessHandle::parent)
                            .map(ProcessFacts::cpuOfTree)
                            .orElse(OptionalLong.empty())
                    : OptionalLong.empty();
        } catch (SQLException unknown) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(dropping());
        } catch (SQLException gone) {
            // The next bench drops it; what was measured holds all the same.
            return;
        }
    }
}
