package dev.belay.datastore.sqlite;

import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The table of a version file: `_id`, which numbers the rows in file order from 1 without gaps, then the columns.
record TableLayout(String table, List<StoredColumn> columns) {
    TableLayout {
        columns = List.copyOf(columns);
    }

    /// The table's name: the dataset's, since every character of an id may stand in a quoted name. `sqlite_…`,
    /// which SQLite keeps for itself, becomes `_sqlite_…`; no id begins with `_`, so no two datasets share a name
    /// and none is `_belay`.
    static String tableName(DatasetId dataset) {
        return dataset.value().startsWith("sqlite_") ? "_" + dataset : dataset.value();
    }

    /// The table of a version that is made from nothing.
    static TableLayout of(DatasetId dataset, List<Column> columns) {
        return new TableLayout(
                tableName(dataset), columns.stream().map(StoredColumn::of).toList());
    }

    /// The table as it stands in an open file.
    ///
    /// @param columns  as the file's manifest has them
    /// @throws IllegalArgumentException when the table has other columns
    static TableLayout read(Connection connection, DatasetId dataset, List<Column> columns) throws SQLException {
        String table = tableName(dataset);
        List<String> declared = new Session(connection)
                .list(
                        "SELECT type FROM pragma_table_info(?) WHERE name <> '_id' ORDER BY cid",
                        row -> row.text("type"),
                        table);
        if (declared.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "%s has %d columns, its manifest %d".formatted(table, declared.size(), columns.size()));
        }
        return new TableLayout(
                table,
                IntStream.range(0, columns.size())
                        .mapToObj(at -> new StoredColumn(columns.get(at), declared.get(at)))
                        .toList());
    }

    /// The column of exactly this name: a plan names a base's columns as the base does.
    Optional<StoredColumn> column(String name) {
        return columns.stream()
                .filter(stored -> stored.column().name().equals(name))
                .findFirst();
    }

    /// Whether rows of the other table can stand in this one as they are.
    boolean storesLike(TableLayout other) {
        return shape().equals(other.shape());
    }

    private List<String> shape() {
        return columns.stream()
                .map(stored -> stored.column().name() + '\0' + stored.declared())
                .toList();
    }

    String createTable() {
        return columns.stream()
                .map(stored -> ", " + SqlNames.quoted(stored.column().name()) + " " + stored.declared())
                .collect(Collectors.joining("", "CREATE TABLE " + quotedTable() + " (_id INTEGER PRIMARY KEY", ")"));
    }

    String quotedTable() {
        return SqlNames.quoted(table);
    }

    /// The quoted names of all columns but `_id`; a table without columns has none.
    List<String> quotedColumns() {
        return columns.stream()
                .map(stored -> SqlNames.quoted(stored.column().name()))
                .toList();
    }

    /// How many rows the table has. `_id` has no gaps: rows are only ever added at the end or changed in place.
    long rows(Connection connection) throws SQLException {
        return new Session(connection)
                .first("SELECT coalesce(max(_id), 0) AS n FROM " + quotedTable(), row -> row.number("n"))
                .orElseThrow();
    }
}
