package dev.belay.datastore.postgres;

import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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

    /// Leads the view to a table; makes it when there is none. The last step of a transaction, so that the
    /// lock is held for no longer than needed.
    ///
    /// @param isFirst whether the dataset has never had a view
    /// @throws Unavailable when something else has its name, or other views hang on columns that change
    void show(Session session, Manifest manifest, DictionaryDocument dictionary, boolean isFirst) throws SQLException {
        DatasetId dataset = manifest.dataset();
        boolean isThere = isThere(session, dataset, isFirst);
        List<String> old = isThere ? shape(session, schemas.live(), Schemas.view(dataset)) : List.of();
        List<String> wanted = shape(session, schemas.versions(), manifest.table());
        // PostgreSQL replaces a view only by one that begins with the same columns.
        boolean isReplaceable = isThere
                && old.size() <= wanted.size()
                && wanted.subList(0, old.size()).equals(old);
        locking(session, dataset, () -> {
            if (isThere && !isReplaceable) {
                keepGrants(session, dataset);
                session.update("DROP VIEW " + schemas.live(dataset));
            }
            session.update("CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s"
                    .formatted(schemas.live(dataset), selected(manifest), schemas.published(manifest.table())));
            if (!isReplaceable) {
                giveGrants(session, dataset);
            }
            describe(session, dataset, columns(manifest), dictionary);
        });
    }

    /// Removes the view and the table of its version.
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
    /// @return false when someone reads it just now
    boolean removeOld(Session session, Manifest manifest) throws SQLException {
        return isDone(
                session,
                manifest.dataset(),
                () -> session.update("DROP TABLE IF EXISTS " + schemas.published(manifest.table())));
    }

    /// Writes the words of the dictionary beside the columns, for those who look at the database with tools
    /// of their own. Takes no lock that readers meet.
    void describe(Session session, DatasetId dataset, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException {
        Map<String, String> fields = FieldComments.of(dictionary);
        String view = schemas.live(dataset);
        String sql = columns.stream()
                .map(column -> "COMMENT ON COLUMN %s.%s IS %s"
                        .formatted(
                                view,
                                SqlNames.quoted(column.name()),
                                literal(fields.getOrDefault(column.name(), column.title()))))
                .collect(Collectors.joining(";\n"));
        if (!sql.isEmpty()) {
            session.update(sql);
        }
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

    private boolean isThere(Session session, DatasetId dataset, boolean isFirst) throws SQLException {
        var kind = session.first("""
                SELECT c.relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?
                """, row -> row.text("relkind"), schemas.live(), Schemas.view(dataset));
        if (kind.isPresent() && (isFirst || !kind.get().equals("v"))) {
            throw inTheWay(
                    "%s is there already and is not Belay's: rename it".formatted(schemas.live(dataset)),
                    new SQLException("relkind " + kind.get()));
        }
        return kind.isPresent();
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
        for (int tries = 1; tries < TRIES; tries++) {
            if (isDone(session, dataset, change)) {
                return;
            }
            LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
        }
        if (!isDone(session, dataset, change)) {
            throw new SQLException("readers keep " + schemas.live(dataset), LOCK_NOT_AVAILABLE);
        }
    }

    /// @return false when someone holds a lock that is in the way: nothing was changed then
    private boolean isDone(Session session, DatasetId dataset, Change change) throws SQLException {
        session.update("SAVEPOINT belay_change");
        try {
            session.update("SET LOCAL lock_timeout = " + PATIENCE_MILLIS);
            change.make();
            session.update("SET LOCAL lock_timeout TO DEFAULT");
            session.update("RELEASE SAVEPOINT belay_change");
            return true;
        } catch (SQLException failed) {
            if (DEPENDENT_OBJECTS.equals(failed.getSQLState())) {
                throw inTheWay(
                        "other views hang on %s, which has to go for others of its columns: drop them"
                                .formatted(schemas.live(dataset)),
                        failed);
            }
            if (!LOCK_NOT_AVAILABLE.equals(failed.getSQLState())) {
                throw failed;
            }
            session.update("ROLLBACK TO SAVEPOINT belay_change");
            return false;
        }
    }

    private static Unavailable inTheWay(String message, SQLException cause) {
        return new Unavailable(new Failure.Configuration(FailureCode.STORE_FORBIDDEN, message, Place.NONE), cause);
    }

    /// What is changed under the lock, from the beginning each time.
    @FunctionalInterface
    private interface Change {
        void make() throws SQLException;
    }
}
