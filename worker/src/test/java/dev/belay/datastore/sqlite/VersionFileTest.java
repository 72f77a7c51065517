package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.datastore.DatasetScript;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What anyone finds who opens a published file with a tool of theirs.
final class VersionFileTest {
    @TempDir
    Path folder;

    private Path publish(String dataset, List<Column> columns, List<?>... rows) throws Exception {
        try (var store = SqliteDatastore.open(folder, DatasetScript.ids())) {
            var script = new DatasetScript(store, dataset, DatasetScript.ids());
            store.fence(script.dataset(), new Epoch(1));
            var all = new ArrayList<List<Object>>();
            for (List<?> row : rows) {
                all.add(new ArrayList<>(row));
            }
            script.loadAll(Mode.REPLACE, columns, List.of(), all);
            store.expose(script.dataset());
        }
        return folder.resolve("datasets").resolve(dataset).resolve("current.sqlite");
    }

    private static List<String> query(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            var lines = new ArrayList<String>();
            while (results.next()) {
                var cells = new ArrayList<String>();
                for (int at = 1; at <= results.getMetaData().getColumnCount(); at++) {
                    cells.add(String.valueOf(results.getString(at)));
                }
                lines.add(String.join("|", cells));
            }
            return lines;
        }
    }

    @Test
    void opensWithAnyToolUnderTheNameOfTheDataset() throws Exception {
        Path file = publish(
                "air-quality.2026",
                List.of(Column.of("a", ColumnType.INTEGER), Column.of("b", ColumnType.TEXT)),
                List.of(5L, "007"),
                List.of(6L, "x"));

        assertThat(query(file, "SELECT _id, a, b, typeof(b) FROM \"air-quality.2026\" ORDER BY _id"))
                .containsExactly("1|5|007|text", "2|6|x|text");
        assertThat(query(file, "PRAGMA integrity_check")).containsExactly("ok");
        assertThat(query(file, "PRAGMA journal_mode")).containsExactly("delete");
        assertThat(query(file, "SELECT value FROM _belay WHERE key IN ('rows', 'version', 'dataset') ORDER BY key"))
                .containsExactly("air-quality.2026", "2", "1");
        assertThat(Files.readSymbolicLink(file)).isRelative();
        try (var files = Files.list(file.getParent())) {
            assertThat(files.map(name -> name.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "1-01000000000000000000000000-c.sqlite", "current.sqlite", "history.log");
        }
    }

    @Test
    void opensWithTheSqliteShellInAFolderThatCannotBeWritten() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sqlite3")), "skipped: no sqlite3 shell here");
        Path file = publish("air", List.of(Column.of("a", ColumnType.INTEGER)), List.of(5L));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("r-xr-xr-x"));

        var shell = new ProcessBuilder(
                        "/usr/bin/sqlite3", "-readonly", file.toString(), "PRAGMA integrity_check; SELECT a FROM air")
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(output).isEqualTo("ok\n5\n");
    }

    @Test
    void keepsReservedAndStrangeNames() throws Exception {
        Path file = publish(
                "sqlite_air",
                List.of(
                        new Column("say \"hi\"", "same", ColumnType.TEXT, 0, 0),
                        new Column("\ud83d\ude00; DROP TABLE x", "same", ColumnType.TEXT, 0, 0),
                        new Column("select", "select", ColumnType.INTEGER, 0, 0),
                        new Column("rowid", "rowid", ColumnType.TEXT, 0, 0)),
                List.of("q", "smile", 1L, "r"));

        assertThat(
                        query(
                                file,
                                "SELECT \"say \"\"hi\"\"\", \"\ud83d\ude00; DROP TABLE x\", \"select\", \"rowid\" FROM _sqlite_air"))
                .containsExactly("q|smile|1|r");
        assertThat(query(file, "PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void keepsDecimalsAsNumbersOnlyWhereNoDigitIsLost() throws Exception {
        Path file = publish(
                "money",
                List.of(
                        new Column("narrow", "narrow", ColumnType.DECIMAL, 15, 2),
                        new Column("wide", "wide", ColumnType.DECIMAL, 16, 2),
                        new Column("unknown", "unknown", ColumnType.DECIMAL, 0, 0)),
                List.of("-1234567890123.45", "12345678901234.50", "0.10"));

        assertThat(query(
                        file, "SELECT typeof(narrow), narrow, typeof(wide), wide, typeof(unknown), unknown FROM money"))
                .containsExactly("real|-1234567890123.45|text|12345678901234.50|text|0.10");
    }

    @Test
    void refusesADecimalThatHasMoreDigitsThanItsColumn() {
        List<Column> columns = List.of(new Column("a", "a", ColumnType.DECIMAL, 15, 2));

        assertThatThrownBy(() -> publish("money", columns, List.of("12345678901234567.89")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more digits");
    }

    @Test
    void worksInAFolderWhoseNameMeansSomethingToSqlite() throws Exception {
        folder = folder.resolve("100% of? #data & \u00fc");

        Path file = publish("air", List.of(Column.of("a", ColumnType.INTEGER)), List.of(5L));

        assertThat(file).exists();
        assertThat(folder.resolve("catalog.db")).isRegularFile();
    }
}
