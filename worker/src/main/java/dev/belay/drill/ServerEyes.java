package dev.belay.drill;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Queries a dataset's view as any PostgreSQL tool does, over a connection that is made anew when it was lost.
final class ServerEyes implements Eyes {
    private static final String NO_SUCH_TABLE = "42P01";

    private final DrillServer server;
    private @Nullable Connection connection;

    ServerEyes(DrillServer server) {
        this.server = server;
    }

    /// The rows first: whoever has read from a view in a transaction keeps it from being moved to another version, so
    /// that the number asked for next is theirs.
    @Override
    public Optional<Seen> see(String dataset) throws SQLException {
        try {
            Connection open = connected();
            try (var statement = open.createStatement()) {
                Seen seen = seen(dataset, statement);
                open.commit();
                return Optional.of(seen);
            } catch (SQLException failed) {
                open.rollback();
                throw failed;
            }
        } catch (SQLException failed) {
            String state = String.valueOf(failed.getSQLState());
            if (state.equals(NO_SUCH_TABLE)) {
                return Optional.empty();
            }
            close();
            if (state.startsWith("08") || state.startsWith("57")) {
                throw new Away(failed);
            }
            throw failed;
        }
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = server.connect();
            open.setAutoCommit(false);
            connection = open;
        }
        return open;
    }

    private static Seen seen(String dataset, Statement statement) throws SQLException {
        var rows = new HashMap<String, Long>();
        try (var results =
                statement.executeQuery("SELECT job, count(*) FROM public.\"" + dataset + "\" GROUP BY job")) {
            while (results.next()) {
                rows.put(String.valueOf(results.getString(1)), results.getLong(2));
            }
        }
        String version =
                "SELECT version FROM belay.dataset JOIN belay.commits ON commits.id = head WHERE dataset.id = '"
                        + dataset + "'";
        try (var results = statement.executeQuery(version)) {
            return new Seen(results.next() ? results.getInt(1) : 0, rows);
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException alreadyGone) {
                // It is not used again either way.
            }
        }
    }
}
