package dev.belay.datastore.postgres;

import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes tables as CKAN's datastore makes them: `_id serial` as the key, `_full_text`, the columns, an index
/// over the full text, and the trigger that keeps it.
///
/// While they are staged no name of theirs is one that CKAN looks for: names of indexes are made of the
/// commit id and become CKAN's when the table goes live, see [#wanted].
final class CkanTables {
    private static final String FULL_TEXT = "_full_text";
    private static final String FULL_TEXT_INDEX = "-ft";
    private static final String TEXT_INDEX = "-t";
    // NUL, and the halves of surrogate pairs: whole pairs too, which does no harm.
    private static final String NO_TEXT = "[\\\\]u(0000|d[89a-f])";
    // A tsvector has room for 1 MB; more of a row is not searched.
    private static final int SEARCHED_CHARACTERS = 200_000;

    private final Schemas schemas;

    CkanTables(Schemas schemas) {
        this.schemas = schemas;
    }

    /// @throws JobFailure `TOO_MANY_COLUMNS`, or `OBJECT_IN_THE_WAY` for a column that has the name of
    /// CKAN's own
    static void refuseImpossible(List<Column> columns) throws JobFailure {
        VersionTables.refuseImpossible(columns, VersionTables.MOST_COLUMNS - 1);
        if (columns.stream().anyMatch(column -> column.name().equals(FULL_TEXT))) {
            throw JobFailure.permanent(
                    FailureCode.OBJECT_IN_THE_WAY,
                    "the column \"%s\" has the name of one of CKAN's own: rename it in the file".formatted(FULL_TEXT));
        }
    }

    /// Whether a table has these columns, each of its type; it may have more.
    ///
    /// @param table its quoted name
    boolean hasColumns(Session session, String table, List<StoredColumn> columns) throws SQLException {
        Map<String, String> there =
                session.list("""
                        SELECT attname, atttypid::regtype::text AS type FROM pg_attribute
                        WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
                        """, row -> Map.entry(row.text("attname"), row.text("type")), table).stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<StoredType, String> names = new EnumMap<>(StoredType.class);
        for (StoredColumn column : columns) {
            String wanted = names.get(column.type());
            if (wanted == null) {
                wanted = typeName(session, type(column));
                names.put(column.type(), wanted);
            }
            if (!wanted.equals(there.get(column.column().name()))) {
                return false;
            }
        }
        return true;
    }

    /// As the server calls it; empty when there is none.
    private static String typeName(Session session, String type) throws SQLException {
        return session.first("SELECT to_regtype(?)::text AS name", row -> row.optionalText("name"), type)
                .flatMap(found -> found)
                .orElse("");
    }

    List<StoredColumn> kept(Session session, List<StoredColumn> incoming) throws SQLException {
        boolean hasNested = session.first("SELECT to_regtype(?) AS found", row -> row.optionalText("found"), nested())
                .flatMap(found -> found)
                .isPresent();
        return incoming.stream().map(column -> kept(column, hasNested)).toList();
    }

    private static StoredColumn kept(StoredColumn column, boolean hasNested) {
        return switch (column.type()) {
            case TIME, UUID -> column.asText();
            case TIMESTAMPTZ -> new StoredColumn(column.column(), StoredType.TIMESTAMP, column.form());
            case JSON -> hasNested ? new StoredColumn(column.column(), StoredType.NESTED, 0) : column;
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIMESTAMP, NESTED, TEXT -> column;
        };
    }

    private String nested() {
        return SqlNames.quoted(schemas.live()) + ".nested";
    }

    private String type(StoredColumn column) {
        return column.type() == StoredType.NESTED ? nested() : column.type().sql();
    }

    void create(Session session, String table, List<StoredColumn> kept) throws SQLException {
        session.update(kept.stream()
                .map(column -> ", " + column.quoted() + " " + type(column))
                .collect(Collectors.joining(
                        "", "CREATE TABLE " + table + " (_id integer NOT NULL, _full_text tsvector", ")")));
    }

    static String copy(String table, List<StoredColumn> kept, IntStream order) {
        return order.mapToObj(at -> ", " + kept.get(at).quoted())
                .collect(Collectors.joining(
                        "", "COPY " + table + " (_id, _full_text", ") FROM STDIN (FORMAT binary, FREEZE)"));
    }

    /// The full text is what CKAN's trigger makes of a row.
    String query(String rows, List<StoredColumn> incoming, List<StoredColumn> kept) {
        String words = IntStream.range(0, kept.size())
                .mapToObj(at -> words(incoming.get(at), "c" + at, value(incoming.get(at), kept.get(at), "c" + at)))
                .collect(Collectors.joining(", "));
        String values = IntStream.range(0, kept.size())
                .mapToObj(at -> ", " + value(incoming.get(at), kept.get(at), "c" + at))
                .collect(Collectors.joining());
        return "SELECT _id::integer, to_tsvector(left(concat_ws(' ', VARIADIC ARRAY[%s]::text[]), %d))%s FROM (%s) AS rows ORDER BY _id"
                .formatted(words, SEARCHED_CHARACTERS, values, rows);
    }

    /// JSON may hold escapes of what no text of PostgreSQL can: then its words are those of what is written.
    ///
    /// @param from  of the type that came
    /// @param value of the kept type
    private static String words(StoredColumn column, String from, String value) {
        return switch (column.type()) {
            case TIMESTAMP, TIMESTAMPTZ -> "to_json(" + value + ") #>> '{}'";
            case JSON ->
                "CASE WHEN %1$s::text ~* '%3$s' THEN %1$s::text ELSE to_json(%2$s) #>> '{}' END"
                        .formatted(from, value, NO_TEXT);
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIME, UUID, NESTED, TEXT -> value + "::text";
        };
    }

    private String value(StoredColumn from, StoredColumn to, String value) {
        return switch (from.type()) {
            case TIME -> from.readable(value);
            case UUID -> value + "::text";
            case TIMESTAMPTZ -> "(" + value + " AT TIME ZONE 'UTC')";
            case JSON ->
                to.type() == StoredType.NESTED
                        ? "CASE WHEN %1$s IS NULL THEN NULL ELSE ROW(%1$s, NULL)::%2$s END".formatted(value, nested())
                        : value;
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIMESTAMP, NESTED, TEXT -> value;
        };
    }

    /// Makes key, numbering, indexes and, last, the trigger.
    void finish(Session session, StagingPlan plan, List<StoredColumn> kept) throws SQLException {
        String table = schemas.staged(Schemas.table(plan));
        String sequence = schemas.staged(plan.commit() + "-seq");
        VersionTables.makePrimaryKey(session, table, plan.commit());
        session.update("CREATE SEQUENCE %s AS integer OWNED BY %s._id".formatted(sequence, table));
        session.update(
                "ALTER TABLE %s ALTER COLUMN _id SET DEFAULT nextval(%s)".formatted(table, LiveView.literal(sequence)));
        session.first(
                "SELECT setval(?::regclass, 1 + (SELECT coalesce(max(_id), 0) FROM %s), false) AS n".formatted(table),
                row -> row.number("n"),
                sequence);
        session.update("CREATE INDEX %s ON %s USING gin (_full_text)"
                .formatted(SqlNames.quoted(plan.commit() + FULL_TEXT_INDEX), table));
        if (!VersionTables.isThere(session, stats())) {
            makeTextIndexes(session, plan.commit(), table, kept);
        }
        String trigger = SqlNames.quoted(schemas.live()) + ".populate_full_text_trigger()";
        if (isFunction(session, trigger)) {
            session.update("CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s"
                    .formatted(table, trigger));
        }
    }

    /// Where CKAN keeps numbers of rows, from 2.12 on.
    String stats() {
        return SqlNames.quoted(schemas.live()) + "._table_stats";
    }

    /// CKAN before 2.12 makes them itself, in a request that is broken off after a minute, unless they are
    /// there.
    private static void makeTextIndexes(Session session, CommitId commit, String table, List<StoredColumn> kept)
            throws SQLException {
        for (int at = 0; at < kept.size(); at++) {
            if (kept.get(at).type() == StoredType.TEXT) {
                String sql = "CREATE INDEX %s ON %s USING gin (%s)"
                        .formatted(SqlNames.quoted(commit + TEXT_INDEX + at), table, searched(kept.get(at)));
                // A text that is too long for one costs the index, never the data.
                session.update("SAVEPOINT belay_index");
                try {
                    session.update(sql);
                } catch (SQLException tooLong) {
                    if (tooLong.getSQLState() == null || !tooLong.getSQLState().startsWith("54")) {
                        throw tooLong;
                    }
                    session.update("ROLLBACK TO SAVEPOINT belay_index");
                }
            }
        }
    }

    private static boolean isFunction(Session session, String signature) throws SQLException {
        return session.first("SELECT to_regprocedure(?) AS found", row -> row.optionalText("found"), signature)
                .flatMap(found -> found)
                .isPresent();
    }

    private static String searched(StoredColumn column) {
        return "to_tsvector('english', " + column.quoted() + ")";
    }

    /// The name under which CKAN looks for an index of ours, or the index's own.
    static String wanted(String index, Manifest manifest) {
        String own = manifest.commit().value();
        if (index.equals(own + FULL_TEXT_INDEX)) {
            return sha1(manifest.dataset(), "\"_full_text\"");
        }
        if (index.startsWith(own + TEXT_INDEX)) {
            int at = Integer.parseInt(index.substring(own.length() + TEXT_INDEX.length()));
            return sha1(manifest.dataset(), searched(manifest.columns().get(at)));
        }
        return index;
    }

    private static String sha1(DatasetId resource, String field) {
        try {
            byte[] text = (resource + field).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
