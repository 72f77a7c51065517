package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.StagingPlan;
import dev.belay.sql.SqlNames;
import dev.belay.sql.SqliteConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Everything that can be asked of two files.
final class FileContent {
    // SQLite takes 2000 result columns.
    private static final int AT_ONCE = 900;

    private FileContent() {}

    /// Compares rows, storage classes, schema and pragmas, and lets SQLite check the written one.
    static void assertSame(Path written, Path inserted, StagingPlan plan, int pageSize) throws SQLException {
        try (Connection one = SqliteConnections.reading(written);
                Connection other = SqliteConnections.reading(inserted)) {
            assertThat(ask(one, "PRAGMA integrity_check")).containsExactly(List.of("ok"));
            assertThat(ask(one, "PRAGMA page_size")).containsExactly(List.of(pageSize));
            assertThat(ask(one, "PRAGMA freelist_count")).containsExactly(List.of(0));
            for (String sql : List.of(
                    "SELECT type, name, tbl_name, sql, typeof(rootpage) FROM sqlite_schema ORDER BY name",
                    "SELECT * FROM _belay",
                    "PRAGMA encoding",
                    "PRAGMA journal_mode",
                    "PRAGMA auto_vacuum",
                    "PRAGMA user_version",
                    "PRAGMA application_id")) {
                assertThat(ask(one, sql)).as(sql).isEqualTo(ask(other, sql));
            }
            for (String sql : rows(plan)) {
                assertSameRows(one, other, sql);
            }
        }
    }

    private static List<String> rows(StagingPlan plan) {
        List<String> names = plan.columns().stream()
                .map(column -> SqlNames.quoted(column.name()))
                .toList();
        String table = SqlNames.quoted(TableLayout.tableName(plan.dataset()));
        var queries = new ArrayList<String>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + AT_ONCE));
            String types = String.join("), typeof(", some);
            queries.add("SELECT _id, " + String.join(", ", some) + ", typeof(" + types + ") FROM " + table
                    + " ORDER BY _id");
        }
        queries.add("SELECT count(*), max(_id) FROM " + table);
        return queries;
    }

    private static void assertSameRows(Connection one, Connection other, String sql) throws SQLException {
        try (Statement first = one.createStatement();
                Statement second = other.createStatement();
                ResultSet left = first.executeQuery(sql);
                ResultSet right = second.executeQuery(sql)) {
            int width = left.getMetaData().getColumnCount();
            while (left.next() && right.next()) {
                for (int at = 1; at <= width; at++) {
                    Object cell = left.getObject(at);
                    if (cell == null ? right.getObject(at) != null : !cell.equals(right.getObject(at))) {
                        assertThat(cell)
                                .as("row %s, column %s", left.getObject(1), at)
                                .isEqualTo(right.getObject(at));
                    }
                }
            }
            assertThat(left.next()).isFalse();
            assertThat(right.next()).isFalse();
        }
    }

    private static List<List<Object>> ask(Connection connection, String sql) throws SQLException {
        var rows = new ArrayList<List<Object>>();
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                var row = new ArrayList<Object>();
                for (int at = 1; at <= results.getMetaData().getColumnCount(); at++) {
                    row.add(results.getObject(at));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
