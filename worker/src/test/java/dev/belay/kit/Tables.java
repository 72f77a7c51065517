package dev.belay.kit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads SQLite files as any tool would.
final class Tables {
    private Tables() {}

    /// The first column of what a query gives, as text.
    static List<String> column(Path file, String sql) throws SQLException {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (results.next()) {
                found.add(String.valueOf(results.getString(1)));
            }
            return found;
        }
    }

    /// All rows of all tables but some.
    static List<String> dump(Path file, Set<String> without) throws SQLException {
        var lines = new ArrayList<String>();
        for (String table : column(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            if (!without.contains(table)) {
                lines.addAll(rows(file, table));
            }
        }
        return lines;
    }

    /// What SQLite finds wrong with a file.
    static List<String> damage(Path file) throws SQLException {
        return column(file, "PRAGMA integrity_check").stream()
                .filter(line -> !line.equals("ok"))
                .toList();
    }

    private static List<String> rows(Path file, String table) throws SQLException {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
            var lines = new ArrayList<String>();
            while (results.next()) {
                var line = new StringBuilder(table);
                for (int at = 1; at <= results.getMetaData().getColumnCount(); at++) {
                    line.append(" | ").append(results.getString(at));
                }
                lines.add(line.toString());
            }
            return lines;
        }
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro");
    }
}
