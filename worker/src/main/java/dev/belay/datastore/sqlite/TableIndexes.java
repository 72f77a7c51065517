package dev.belay.datastore.sqlite;

import dev.belay.datastore.IndexPlan;
import dev.belay.job.Excerpt;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The indexes of one table in an open file.
///
/// Their names hold a blank, so none is ever the name of a dataset's table: SQLite keeps both in one list.
final class TableIndexes {
    private final Connection connection;
    private final TableLayout layout;

    TableIndexes(Connection connection, TableLayout layout) {
        this.connection = connection;
        this.layout = layout;
    }

    /// Makes an index unless there is one like it.
    ///
    /// @throws JobFailure `KEY_NULL` or `KEY_NOT_UNIQUE`, naming a row, when it is a key that the rows do not
    /// keep
    void make(IndexPlan index) throws JobFailure, SQLException {
        if (index.unique()) {
            refuseNulls(index.columns());
        }
        makeUnlessThere(index);
    }

    private void makeUnlessThere(IndexPlan index) throws JobFailure, SQLException {
        if (existing().stream().anyMatch(made -> made.isLike(index))) {
            return;
        }
        try {
            create(index);
        } catch (SQLiteException failed) {
            // Extended codes hold the primary one in their low byte.
            if ((failed.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                throw notUnique(index, failed);
            }
            throw failed;
        }
    }

    /// Makes the index by which an upsert finds the row to replace. Rows of the base without a key stay: none
    /// matches them.
    ///
    /// @throws JobFailure `KEY_NOT_UNIQUE` when the base has two rows of one key
    void makeUnique(List<String> columns) throws JobFailure, SQLException {
        makeUnlessThere(new IndexPlan(columns, true));
    }

    /// Drops the keys of the base but `kept`: what is unique in the new version is said by its own plan.
    void dropUnique(List<String> kept) throws SQLException {
        var keep = new IndexPlan(kept.isEmpty() ? List.of("_id") : kept, true);
        for (Made made : existing()) {
            if (made.unique() && !made.isLike(keep)) {
                new Session(connection).update("DROP INDEX " + SqlNames.quoted(made.name()));
            }
        }
    }

    private void create(IndexPlan index) throws SQLException {
        List<String> names = existing().stream().map(Made::name).toList();
        String stem = (index.unique() ? "key on " : "index on ") + String.join(", ", index.columns());
        String name = stem;
        for (int number = 2; names.contains(name); number++) {
            name = stem + " " + number;
        }
        new Session(connection)
                .update("CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + SqlNames.quoted(name) + " ON "
                        + layout.quotedTable() + " (" + quoted(index.columns()) + ")");
    }

    private void refuseNulls(List<String> columns) throws JobFailure, SQLException {
        for (String column : columns) {
            Optional<Long> row = new Session(connection)
                    .first(
                            "SELECT _id FROM " + layout.quotedTable() + " WHERE " + SqlNames.quoted(column)
                                    + " IS NULL LIMIT 1",
                            found -> found.number("_id"));
            if (row.isPresent()) {
                throw JobFailure.permanent(
                        FailureCode.KEY_NULL,
                        "row %d has no value in key column \"%s\"".formatted(row.get(), Excerpt.of(column)));
            }
        }
    }

    private JobFailure notUnique(IndexPlan index, SQLException cause) throws SQLException {
        String key = quoted(index.columns());
        String values = index.columns().stream().map(SqlNames::quoted).collect(Collectors.joining(" || ', ' || "));
        // Rows without a key are never the same to an index.
        String keyed = index.columns().stream()
                .map(column -> SqlNames.quoted(column) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return new Session(connection)
                .first(
                        """
                        SELECT min(_id) AS first, max(_id) AS last, %s AS found
                        FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1 ORDER BY max(_id) LIMIT 1
                        """.formatted(values, layout.quotedTable(), keyed, key),
                        row -> new JobFailure(
                                notUnique(row.number("first"), row.number("last"), row.text("found")), cause))
                .orElseThrow(() -> cause);
    }

    private static Failure notUnique(long first, long last, String key) {
        String shown = Excerpt.of(key);
        return new Failure.Permanent(
                FailureCode.KEY_NOT_UNIQUE,
                "rows %d and %d have the same key: %s".formatted(first, last, shown),
                Place.NONE.withValue(shown));
    }

    private static String quoted(List<String> columns) {
        return columns.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }

    private List<Made> existing() throws SQLException {
        var session = new Session(connection);
        var made = new ArrayList<Made>();
        for (Made named : session.list(
                "SELECT name, \"unique\" AS one FROM pragma_index_list(?)",
                row -> new Made(row.text("name"), row.number("one") == 1, List.of()),
                layout.table())) {
            List<String> columns = session.list(
                    "SELECT name FROM pragma_index_info(?) ORDER BY seqno", row -> row.text("name"), named.name());
            made.add(new Made(named.name(), named.unique(), columns));
        }
        return made;
    }

    private record Made(String name, boolean unique, List<String> columns) {
        boolean isLike(IndexPlan plan) {
            return unique == plan.unique() && columns.equals(plan.columns());
        }
    }
}
