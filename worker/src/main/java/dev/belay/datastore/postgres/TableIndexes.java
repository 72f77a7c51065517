package dev.belay.datastore.postgres;

import dev.belay.datastore.IndexPlan;
import dev.belay.job.CommitId;
import dev.belay.job.Excerpt;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The indexes of one staged table.
final class TableIndexes {
    private static final String UNIQUE_VIOLATION = "23505";

    private final String table;
    private final CommitId commit;
    private final List<StoredColumn> columns;

    /// @param table  its quoted name
    /// @param commit that it was made for; no other table's indexes have it in their names
    TableIndexes(String table, CommitId commit, List<StoredColumn> columns) {
        this.table = table;
        this.commit = commit;
        this.columns = List.copyOf(columns);
    }

    /// Makes an index unless there is one like it. When it fails, the transaction is to be rolled back.
    ///
    /// @throws NotUnique when it is a key that rows share
    /// @throws JobFailure `KEY_NULL`, naming a row, when it is a key that a row does not have
    void make(Session session, IndexPlan index) throws JobFailure, SQLException, NotUnique {
        if (index.unique()) {
            refuseNulls(session, index.columns());
        }
        if (existing(session).contains(index)) {
            return;
        }
        long number = session.first(
                        "SELECT count(*) AS n FROM pg_index WHERE indrelid = ?::regclass",
                        row -> row.number("n"),
                        table)
                .orElseThrow();
        try {
            session.update("CREATE %sINDEX %s ON %s (%s)"
                    .formatted(
                            index.unique() ? "UNIQUE " : "",
                            SqlNames.quoted(commit + "-" + number),
                            table,
                            String.join(", ", comparable(index.columns()))));
        } catch (SQLException failed) {
            if (UNIQUE_VIOLATION.equals(failed.getSQLState())) {
                throw new NotUnique(failed);
            }
            throw failed;
        }
    }

    /// Rows share a key. Which ones is to be asked in a transaction that is not broken.
    static final class NotUnique extends Exception {
        private static final long serialVersionUID = 1L;

        private NotUnique(SQLException cause) {
            super(cause);
        }
    }

    private void refuseNulls(Session session, List<String> key) throws JobFailure, SQLException {
        for (String column : key) {
            var row = session.first(
                    "SELECT _id FROM " + table + " WHERE " + SqlNames.quoted(column) + " IS NULL ORDER BY _id LIMIT 1",
                    found -> found.number("_id"));
            if (row.isPresent()) {
                throw JobFailure.permanent(
                        FailureCode.KEY_NULL,
                        "row %d has no value in key column \"%s\"".formatted(row.get(), Excerpt.of(column)));
            }
        }
    }

    /// The failure for a key that rows share, naming two of them.
    JobFailure sharedKey(Session session, IndexPlan index, NotUnique cause) throws SQLException {
        String values = index.columns().stream()
                .map(column -> SqlNames.quoted(column) + "::text")
                .collect(Collectors.joining(" || ', ' || "));
        Failure failure = session.first(
                        """
                        SELECT min(_id) AS one, max(_id) AS other, min(%s) AS found
                        FROM %s GROUP BY %s HAVING count(*) > 1 ORDER BY max(_id) LIMIT 1
                        """.formatted(values, table, String.join(", ", comparable(index.columns()))),
                        row -> shared(row.number("one"), row.number("other"), row.text("found")))
                .orElseGet(() ->
                        new Failure.Permanent(FailureCode.KEY_NOT_UNIQUE, "two rows have the same key", Place.NONE));
        return new JobFailure(failure, cause);
    }

    /// What two rows of one key are refused with; the key is the place's value too, for whoever must not show it.
    static Failure shared(long one, long other, String key) {
        String shown = Excerpt.of(key);
        return new Failure.Permanent(
                FailureCode.KEY_NOT_UNIQUE,
                "rows %d and %d have the same key: %s".formatted(one, other, shown),
                Place.NONE.withValue(shown));
    }

    private List<String> comparable(List<String> names) {
        return names.stream()
                .map(name -> columns.stream()
                        .filter(column -> column.column().name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no column " + name)))
                .map(column -> column.comparable(column.quoted()))
                .toList();
    }

    /// Those over plain columns, without the primary key.
    List<IndexPlan> existing(Session session) throws SQLException {
        var found = new ArrayList<IndexPlan>();
        for (Made made : session.list("""
                SELECT indexrelid AS id, indisunique::int AS one FROM pg_index
                JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam AND amname = 'btree'
                WHERE indrelid = ?::regclass AND NOT indisprimary AND indexprs IS NULL AND indpred IS NULL
                ORDER BY indexrelid
                """, row -> new Made(row.number("id"), row.number("one") == 1), table)) {
            List<String> names = session.list("""
                    SELECT a.attname FROM pg_index AS i
                    CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                    WHERE i.indexrelid = ?::oid ORDER BY k.place
                    """, row -> row.text("attname"), made.id());
            found.add(new IndexPlan(names, made.unique()));
        }
        return found;
    }

    private record Made(long id, boolean unique) {}
}
