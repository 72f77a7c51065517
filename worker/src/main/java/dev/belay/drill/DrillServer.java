package dev.belay.drill;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A PostgreSQL database of a drill's own, in which journal, stash and datasets are.
///
/// @param jdbc     `jdbc:postgresql://HOST:PORT/DATABASE`, without user and password
/// @param user     the role
/// @param password empty where none is asked for
/// @param restart  ends the server as `kill -9` does and starts it again; empty when it is left alone
public record DrillServer(String jdbc, String user, String password, Optional<Restart> restart) {
    private static final List<String> SCHEMAS =
            List.of("belay_staging", "belay_versions", "belay", "belay_stash", "belay_journal");

    /// Ends a server and starts it again.
    @FunctionalInterface
    public interface Restart {
        /// Returns once it takes connections again, or may be about to.
        void killAndStart() throws IOException, InterruptedException;
    }

    /// As settings have it.
    String url() {
        return jdbc.replace("jdbc:postgresql://", "postgresql://" + user + "@");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbc, user, password);
    }

    /// Drops all that a drill has made.
    ///
    /// @throws IOException when it cannot
    public void clear() throws IOException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            // The views where people read hang on the tables of versions.
            for (String schema : SCHEMAS) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }
}
