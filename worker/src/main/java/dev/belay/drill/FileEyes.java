package dev.belay.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Optional;

/// Opens `current.sqlite` of a dataset as any SQLite tool does.
final class FileEyes implements Eyes {
    private final Path datasets;

    /// @param datasets the folder of the datasets' folders
    FileEyes(Path datasets) {
        this.datasets = datasets;
    }

    @Override
    public Optional<Seen> see(String dataset) throws SQLException {
        Path file;
        try {
            file = datasets.resolve(dataset).resolve("current.sqlite").toRealPath();
        } catch (IOException nothing) {
            return Optional.empty();
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
                var statement = connection.createStatement()) {
            return Optional.of(seen(dataset, statement));
        } catch (SQLException failed) {
            if (Files.exists(file)) {
                throw failed;
            }
            // Deleted between the two steps; its name is never given again.
            return Optional.empty();
        }
    }

    private static Seen seen(String dataset, Statement statement) throws SQLException {
        int version;
        try (var results = statement.executeQuery("SELECT value FROM _belay WHERE key = 'version'")) {
            version = results.next() ? results.getInt(1) : 0;
        }
        var rows = new HashMap<String, Long>();
        try (var results = statement.executeQuery("SELECT job, count(*) FROM \"" + dataset + "\" GROUP BY job")) {
            while (results.next()) {
                rows.put(String.valueOf(results.getString(1)), results.getLong(2));
            }
        }
        return new Seen(version, rows);
    }

    @Override
    public void close() {
        // Each look has closed what it opened.
    }
}
