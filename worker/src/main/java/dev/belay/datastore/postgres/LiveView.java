package dev.belay.datastore.postgres;

import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Excerpt;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The view of a dataset, where people read: it leads to the table of the head.
///
/// Why a view and not a table that is renamed: tables of versions never change their names, so nothing but
/// the view is ever locked; what people were allowed on it, and views of their own over it, stay when its
/// columns do.
///
/// Changing it takes an exclusive lock, for which all readers in a transaction have to end, and behind
/// which new ones wait. So it is waited for during [#PATIENCE_MILLIS] only, then given up and asked for
/// again after a pause, see [#TRIES]: a reader in a long transaction delays the change, not the other
/// readers.
final class LiveView {
    static final int PATIENCE_MILLIS = 10;
    static final int TRIES = 30;

    private static final long LONGEST_PAUSE_NANOS = 200_000_000;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEPENDENT_OBJECTS = "2BP01";

    private final Schemas schemas;
    private final RandomGenerator random;

    /// @param random for the pauses; safe for many threads
    LiveView(Schemas schemas, RandomGenerator random) {
        this.schemas = schemas;
        this.random = random;
    }

    /// What of others stands in the way of a staged table's publication, known before the pivot. What they
    /// make afterwards is met by [#show].
    ///
    /// @param isFirst whether the dataset has never had a view
    Optional<String> inTheWay(Session session, Manifest staged, boolean isFirst) throws SQLException {
        Optional<String> taken = taken(session, staged.dataset(), isFirst);
        boolean isKept = taken.isPresent()
                || !isThere(session, staged.dataset())
                || isReplaceable(session, staged, schemas.staging());
        return isKept ? taken : hangingOn(session, staged.dataset());
    }

    /// What of others hangs on the view, so that it cannot be removed.
    Optional<String> hangingOn(Session session, DatasetId dataset) throws SQLException {
        List<String> hanging = hanging(session, dataset);
        return hanging.isEmpty() ? Optional.empty() : Optional.of(goes(dataset, hanging));
    }

    /// Moves a staged table to the published ones and leads the view to it; makes the view when there is
    /// none. The last step of a transaction, so that the lock is held for no longer than needed: comments
    /// that readers of the view before may see already are written before it.
    ///
    /// @param isFirst whether the dataset has never had a view
    /// @throws Unavailable `READERS_IN_THE_WAY`, or `OBJECT_IN_THE_WAY` when something else has its name or
    /// other views hang on columns that change
    void show(Session session, Manifest manifest, DictionaryDocument dictionary, boolean isFirst) throws SQLException {
        DatasetId dataset = manifest.dataset();
        Optional<String> taken = taken(session, dataset, isFirst);
        if (taken.isPresent()) {
            throw inTheWay(taken.get(), new SQLException("the name is taken"));
        }
        boolean isThere = isThere(session, dataset);
        boolean isReplaceable = isThere && isReplaceable(session, manifest, schemas.staging());
        List<Column> columns = columns(manifest);
        if (isReplaceable) {
            describe(session, dataset, columns, dictionary);
        }
        locking(session, dataset, () -> {
            session.update("ALTER TABLE %s SET SCHEMA %s"
                    .formatted(schemas.staged(manifest.table()), SqlNames.quoted(schemas.versions())));
            if (isThere && !isReplaceable) {
                keepGrants(session, dataset);
                session.update("DROP VIEW " + schemas.live(dataset));
            }
            session.update("CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s"
                    .formatted(schemas.live(dataset), selected(manifest), schemas.published(manifest.table())));
            if (!isReplaceable) {
                giveGrants(session, dataset);
            }
            describe(session, dataset, columns, dictionary);
        });
    }

    /// Removes the view and the table of its version.
    ///
    /// @throws Unavailable as [#show]
    void remove(Session session, Manifest manifest) throws SQLException {
        DatasetId dataset = manifest.dataset();
        locking(session, dataset, () -> {
            keepGrants(session, dataset);
            session.update("DROP VIEW IF EXISTS " + schemas.live(dataset));
            session.update("DROP TABLE IF EXISTS " + schemas.published(manifest.table()));
        });
    }

    /// Removes the table of a version that the view does not lead to.
    ///
    /// @return false when someone reads it just now, or has made something that hangs on it
    boolean removeOld(Session session, Manifest manifest) throws SQLException {
        return refusal(session, () -> session.update("DROP TABLE IF EXISTS " + schemas.published(manifest.table())))
                .isEmpty();
    }

    /// Writes the words of the dictionary beside the view's columns, where they are others than before, for
    /// those who look at the database with tools of their own. Takes no lock that readers meet.
    ///
    /// @param columns those that the view has not yet are passed over
    void describe(Session session, DatasetId dataset, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException {
        Map<String, String> fields = FieldComments.of(dictionary);
        Map<String, String> old = comments(session, dataset);
        String view = schemas.live(dataset);
        String sql = columns.stream()
                .filter(column -> old.containsKey(column.name()))
                .filter(column -> !words(column, fields).equals(old.get(column.name())))
                .map(column -> "COMMENT ON COLUMN %s.%s IS %s"
                        .formatted(view, SqlNames.quoted(column.name()), literal(words(column, fields))))
                .collect(Collectors.joining(";\n"));
        if (!sql.isEmpty()) {
            session.update(sql);
        }
    }

    private static String words(Column column, Map<String, String> fields) {
        return fields.getOrDefault(column.name(), column.title());
    }

    /// By column; empty for one without.
    private Map<String, String> comments(Session session, DatasetId dataset) throws SQLException {
        return session
                .list(
                        """
                SELECT a.attname, coalesce(col_description(a.attrelid, a.attnum), '') AS words
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
                """,
                        row -> Map.entry(row.text("attname"), row.text("words")),
                        schemas.live(),
                        Schemas.view(dataset))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Column> columns(Manifest manifest) {
        return manifest.columns().stream().map(StoredColumn::column).toList();
    }

    private static String selected(Manifest manifest) {
        return Stream.concat(Stream.of("_id"), manifest.columns().stream().map(StoredColumn::quoted))
                .collect(Collectors.joining(", "));
    }

    /// A text as a literal of SQL, whatever `standard_conforming_strings` says.
    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'";
    }

    /// Why the view's name cannot be taken, if others have it.
    private Optional<String> taken(Session session, DatasetId dataset, boolean isFirst) throws SQLException {
        return session.first("""
                SELECT c.relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?
                """, row -> row.text("relkind"), schemas.live(), Schemas.view(dataset))
                .filter(kind -> isFirst || !kind.equals("v"))
                .map(kind -> "%s is there already and is not Belay's: rename it".formatted(schemas.live(dataset)));
    }

    private boolean isThere(Session session, DatasetId dataset) throws SQLException {
        return VersionTables.isThere(session, schemas.live(), Schemas.view(dataset));
    }

    /// PostgreSQL replaces a view only by one that begins with the same columns.
    ///
    /// @param schema where the table is
    private boolean isReplaceable(Session session, Manifest manifest, String schema) throws SQLException {
        List<String> old = shape(session, schemas.live(), Schemas.view(manifest.dataset()));
        List<String> wanted = shape(session, schema, manifest.table());
        return old.size() <= wanted.size() && wanted.subList(0, old.size()).equals(old);
    }

    /// Views, and whatever else has a rule, over the dataset's view.
    private List<String> hanging(Session session, DatasetId dataset) throws SQLException {
        return session.list("""
                SELECT DISTINCT r.ev_class::regclass::text AS name FROM pg_depend AS d
                JOIN pg_rewrite AS r ON r.oid = d.objid
                JOIN pg_class AS c ON c.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                  AND n.nspname = ? AND c.relname = ? AND r.ev_class <> c.oid ORDER BY 1
                """, row -> row.text("name"), schemas.live(), Schemas.view(dataset));
    }

    private String goes(DatasetId dataset, List<String> hanging) {
        return "%s hang on %s, which has to go for others of its columns: drop them"
                .formatted(
                        hanging.isEmpty() ? "objects of others" : Excerpt.of(String.join(", ", hanging)),
                        schemas.live(dataset));
    }

    /// Names and types of the columns of a table or view.
    private static List<String> shape(Session session, String schema, String relation) throws SQLException {
        return session.list("""
                SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS shape
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """, row -> row.text("shape"), schema, relation);
    }

    private void keepGrants(Session session, DatasetId dataset) throws SQLException {
        session.update("""
                INSERT INTO kept_grant (dataset, statement)
                SELECT ?, format('GRANT %s ON TABLE %I.%I TO %s%s', a.privilege_type, n.nspname, c.relname,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
                WHERE n.nspname = ? AND c.relname = ? AND a.grantee <> c.relowner
                ON CONFLICT DO NOTHING
                """, dataset, schemas.live(), Schemas.view(dataset));
    }

    private static void giveGrants(Session session, DatasetId dataset) throws SQLException {
        for (String grant : session.list(
                "SELECT statement FROM kept_grant WHERE dataset = ? ORDER BY statement",
                row -> row.text("statement"),
                dataset)) {
            session.update(grant);
        }
        session.update("DELETE FROM kept_grant WHERE dataset = ?", dataset);
    }

    private void locking(Session session, DatasetId dataset, Change change) throws SQLException {
        Optional<SQLException> refusal = refusal(session, change);
        for (int tries = 1; tries < TRIES && isLocked(refusal); tries++) {
            LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
            refusal = refusal(session, change);
        }
        if (isLocked(refusal)) {
            throw new Unavailable(
                    new Failure.Transient(
                            FailureCode.READERS_IN_THE_WAY,
                            "a transaction that has read %s has not ended yet".formatted(schemas.live(dataset)),
                            Place.NONE),
                    refusal.get());
        }
        if (refusal.isPresent()) {
            throw inTheWay(goes(dataset, hanging(session, dataset)), refusal.get());
        }
    }

    private static boolean isLocked(Optional<SQLException> refusal) {
        return refusal.filter(failed -> LOCK_NOT_AVAILABLE.equals(failed.getSQLState()))
                .isPresent();
    }

    /// Makes a change, all of it or nothing.
    ///
    /// @return why it cannot be made just now: someone holds a lock, or something of others hangs on what
    /// goes
    private static Optional<SQLException> refusal(Session session, Change change) throws SQLException {
        session.update("SAVEPOINT belay_change");
        try {
            session.update("SET LOCAL lock_timeout = " + PATIENCE_MILLIS);
            change.make();
            session.update("SET LOCAL lock_timeout TO DEFAULT");
            session.update("RELEASE SAVEPOINT belay_change");
            return Optional.empty();
        } catch (SQLException failed) {
            if (!LOCK_NOT_AVAILABLE.equals(failed.getSQLState()) && !DEPENDENT_OBJECTS.equals(failed.getSQLState())) {
                throw failed;
            }
            session.update("ROLLBACK TO SAVEPOINT belay_change");
            return Optional.of(failed);
        }
    }

    private static Unavailable inTheWay(String message, SQLException cause) {
        return new Unavailable(new Failure.Configuration(FailureCode.OBJECT_IN_THE_WAY, message, Place.NONE), cause);
    }

    /// What is changed under the lock, from the beginning each time.
    @FunctionalInterface
    private interface Change {
        void make() throws SQLException;
    }
}
