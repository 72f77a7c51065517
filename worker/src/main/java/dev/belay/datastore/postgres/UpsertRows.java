package dev.belay.datastore.postgres;

import dev.belay.job.Failure;
import dev.belay.job.JobFailure;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Puts the rows of a source in the place of those of the same key, and the others behind, by one query over
/// temporary tables. Of several rows of one key the last one counts, where the first one stood.
final class UpsertRows {
    /// Takes the rows of the source, see [VersionTables#createNumbered].
    static final String INCOMING = "belay_incoming";

    private static final String LAST = "belay_last";

    private final Session session;
    private final List<StoredColumn> columns;
    private final BaseRows base;
    private final int[] key;

    /// @param session on the connection of the temporary tables
    /// @param key     the places of the key's columns
    UpsertRows(Session session, List<StoredColumn> columns, BaseRows base, int[] key) {
        this.session = session;
        this.columns = List.copyOf(columns);
        this.base = base;
        this.key = key.clone();
    }

    /// Finds the last row of each key.
    ///
    /// @return how many keys there are
    long prepare() throws SQLException {
        session.update("ANALYZE " + INCOMING);
        int keys = session.update("""
                CREATE TEMPORARY TABLE %s AS
                SELECT DISTINCT ON (%s) * FROM (SELECT *, min(_id) OVER (PARTITION BY %2$s) AS first FROM %s) AS numbered
                ORDER BY %2$s, _id DESC
                """.formatted(LAST, keyColumns(), INCOMING));
        session.update("ANALYZE " + LAST);
        return keys;
    }

    /// @throws JobFailure `KEY_NOT_UNIQUE` when two rows of the base have one key. Rows without one stay: none
    /// matches them
    void refuseSharedKeys() throws JobFailure, SQLException {
        String keyed =
                Arrays.stream(key).mapToObj(at -> "c" + at + " IS NOT NULL").collect(Collectors.joining(" AND "));
        String values =
                Arrays.stream(key).mapToObj(at -> "c" + at + "::text").collect(Collectors.joining(" || ', ' || "));
        Optional<Failure> shared = session.first(
                """
                SELECT min(_id) AS one, max(_id) AS other, min(%s) AS found FROM (%s) AS base WHERE %s GROUP BY %s
                HAVING count(*) > 1 ORDER BY max(_id) LIMIT 1
                """.formatted(values, base.query(), keyed, keyColumns()),
                row -> TableIndexes.shared(row.number("one"), row.number("other"), row.text("found")));
        if (shared.isPresent()) {
            throw new JobFailure(shared.get());
        }
    }

    /// All rows of the new table in their order.
    String query() {
        String replaced = IntStream.range(0, columns.size())
                .mapToObj(at -> ", CASE WHEN last._id IS NULL THEN base.c%d ELSE last.c%1$d END".formatted(at))
                .collect(Collectors.joining());
        String added = IntStream.range(0, columns.size())
                .mapToObj(at -> ", last.c" + at)
                .collect(Collectors.joining());
        String same = Arrays.stream(key)
                .mapToObj(at -> columns.get(at).comparable("base.c" + at) + " = "
                        + columns.get(at).comparable("last.c" + at))
                .collect(Collectors.joining(" AND "));
        return """
                SELECT base._id%s FROM (%s) AS base LEFT JOIN %s AS last ON %s
                UNION ALL
                SELECT %d + row_number() OVER (ORDER BY last.first)%s FROM %3$s AS last
                WHERE NOT EXISTS (SELECT 1 FROM (%2$s) AS base WHERE %4$s)
                ORDER BY 1
                """.formatted(replaced, base.query(), LAST, same, base.rows(), added);
    }

    private String keyColumns() {
        return Arrays.stream(key)
                .mapToObj(at -> columns.get(at).comparable("c" + at))
                .collect(Collectors.joining(", "));
    }
}
