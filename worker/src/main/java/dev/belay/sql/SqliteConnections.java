package dev.belay.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/// Opens single SQLite files. Every connection distrusts functions in the schema, loads no extension and enforces
/// foreign keys.
public final class SqliteConnections {
    private SqliteConnections() {}

    /// Opens an existing file for reading; works in a folder that cannot be written unless the file is in WAL
    /// mode.
    public static Connection reading(Path file) throws SQLException {
        var config = config();
        config.setReadOnly(true);
        return connected(file, config, "query_only = ON");
    }

    /// Opens a file nobody else has open, for building it from nothing or on a copy: fast, and broken when killed.
    /// Whoever builds makes it durable afterwards ([dev.belay.disk.DurableFiles#fsync]) and drops it when anything
    /// fails.
    public static Connection building(Path file) throws SQLException {
        return connected(
                file,
                config(),
                "journal_mode = OFF",
                "synchronous = OFF",
                "locking_mode = EXCLUSIVE",
                "cache_size = -65536");
    }

    /// What `ATTACH` takes to open an existing file for reading.
    public static String readOnlyUri(Path file) {
        return uri(file) + "?mode=ro";
    }

    /// The file as a URI that SQLite reads back to the very same path, whatever characters are in it.
    static String uri(Path file) {
        return file.toAbsolutePath().toUri().toString();
    }

    static SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setBusyTimeout((int) SqliteDatabase.BUSY_BUDGET.toMillis());
        config.enforceForeignKeys(true);
        config.enableLoadExtension(false);
        // The driver would ask for the last row number after each insert; nobody does here.
        config.setGetGeneratedKeys(false);
        return config;
    }

    static Connection connected(Path file, SQLiteConfig config, String... pragmas) throws SQLException {
        Connection connection = config.createConnection("jdbc:sqlite:" + uri(file));
        try {
            execute(connection, "PRAGMA trusted_schema = OFF");
            for (String pragma : pragmas) {
                execute(connection, "PRAGMA " + pragma);
            }
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
