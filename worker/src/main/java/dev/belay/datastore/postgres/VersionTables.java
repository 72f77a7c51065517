package dev.belay.datastore.postgres;

import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The table of a version: `_id`, which numbers the rows in file order from 1 without gaps, then the columns.
final class VersionTables {
    /// Columns of a table of PostgreSQL (its manual, appendix K) without `_id`.
    static final int MOST_COLUMNS = 1599;

    private static final Set<String> RESERVED = Set.of("_id", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    private VersionTables() {}

    /// @param most so many there may be beside those that the table needs itself
    /// @throws JobFailure `TOO_MANY_COLUMNS` when a table cannot have so many
    /// @throws IllegalArgumentException when a name is none that PostgreSQL keeps whole, or is its own
    static void refuseImpossible(List<Column> columns, int most) throws JobFailure {
        if (columns.size() > most) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "a table of PostgreSQL has room for %d columns, not %d".formatted(most, columns.size()));
        }
        for (Column column : columns) {
            String name = column.name();
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > Schemas.LONGEST_NAME || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "a column cannot be named \"%s\" in PostgreSQL: 1 to %d bytes, and none of %s"
                                .formatted(name, Schemas.LONGEST_NAME, RESERVED));
            }
        }
    }

    static void create(Session session, String table, List<StoredColumn> columns) throws SQLException {
        session.update(columns.stream()
                .map(column -> ", " + column.quoted() + " " + column.type().sql())
                .collect(Collectors.joining("", "CREATE TABLE " + table + " (_id bigint NOT NULL", ")")));
    }

    /// A temporary table whose columns are called `_id`, `c0`, `c1` …, so that no name of a column is in
    /// the way.
    static void createNumbered(Session session, String table, List<StoredColumn> columns) throws SQLException {
        session.update(IntStream.range(0, columns.size())
                .mapToObj(at -> ", c" + at + " " + columns.get(at).type().sql())
                .collect(Collectors.joining("", "CREATE TEMPORARY TABLE " + table + " (_id bigint NOT NULL", ")")));
    }

    /// What fills such a table.
    ///
    /// @param order in which the columns come after `_id`
    static String copyNumbered(String table, IntStream order) {
        return order.mapToObj(at -> ", c" + at)
                .collect(Collectors.joining("", "COPY " + table + " (_id", ") FROM STDIN (FORMAT binary)"));
    }

    /// What fills a table that was made in the same transaction. Its rows are frozen: also a reader whose
    /// snapshot is older than they are sees all of them once the table is published, where it would see
    /// none.
    ///
    /// @param order in which the columns come after `_id`
    static String copy(String table, List<StoredColumn> columns, IntStream order) {
        return order.mapToObj(at -> ", " + columns.get(at).quoted())
                .collect(Collectors.joining("", "COPY " + table + " (_id", ") FROM STDIN (FORMAT binary, FREEZE)"));
    }

    /// The columns of a table, those that it needs itself first.
    static String copied(String own, List<StoredColumn> columns) {
        return columns.stream().map(column -> ", " + column.quoted()).collect(Collectors.joining("", own, ""));
    }

    /// By which readers go through a table in its order; made when all rows are there. The server would make
    /// up a name from the table's, which is cut and may then be another's.
    static void makePrimaryKey(Session session, String table, CommitId commit) throws SQLException {
        session.update(
                "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (_id)".formatted(table, SqlNames.quoted(commit + "-id")));
    }

    /// @param table its quoted name
    static boolean isThere(Session session, String table) throws SQLException {
        return session.first("SELECT to_regclass(?) AS found", row -> row.optionalText("found"), table)
                .flatMap(found -> found)
                .isPresent();
    }

    /// How many rows a table has. `_id` has no gaps.
    static long rows(Session session, String table) throws SQLException {
        return session.first("SELECT coalesce(max(_id), 0) AS n FROM " + table, row -> row.number("n"))
                .orElseThrow();
    }

    static String quoted(List<String> columns) {
        return columns.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }
}
