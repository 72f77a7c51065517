package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// Brings one schema of a PostgreSQL database up to date. The stamp is the one row of its table `belay_stamp`.
///
/// Of two processes one waits for the other's step under an advisory lock of the schema's name, which ends with the
/// transaction, and so with a process that dies.
final class PostgresMigrations {
    private final Migrations migrations;
    private final Connection connection;
    private final Session session;
    private final String schema;
    private final String place;

    /// @param connection not in autocommit
    PostgresMigrations(Migrations migrations, Connection connection, String schema, String place) {
        this.migrations = migrations;
        this.connection = connection;
        this.session = new Session(connection);
        this.schema = schema;
        this.place = "schema %s of %s".formatted(schema, place);
    }

    private record Stamp(long application, int version) {}

    void bringUpToDate() throws SQLException {
        boolean ended = false;
        try {
            for (int version = version(); version < migrations.newest(); version = version()) {
                connection.commit();
                FaultPoint.MIGRATION_STEP.before(PostgresFailures::injected);
                session.first(
                        "SELECT pg_advisory_xact_lock(?, hashtext(?))",
                        row -> true,
                        migrations.applicationId(),
                        schema);
                // Asked again under the lock: another process may have been first.
                if (version() == version) {
                    runStep(version);
                }
                FaultPoint.DATABASE_COMMIT.before(PostgresFailures::injected);
                connection.commit();
                FaultPoint.DATABASE_COMMIT.after(PostgresFailures::injected);
                FaultPoint.MIGRATION_STEP.after(PostgresFailures::injected);
            }
            connection.commit();
            ended = true;
        } finally {
            if (!ended) {
                PostgresDatabase.rollBackQuietly(connection);
            }
        }
    }

    private void runStep(int version) throws SQLException {
        if (version == 0) {
            prepare();
        }
        session.run("SET LOCAL search_path TO " + SqlNames.quoted(schema));
        for (String sql : migrations.statementsFrom(version)) {
            FaultPoint.MIGRATION_STATEMENT.before(PostgresFailures::injected);
            session.run(sql);
            FaultPoint.MIGRATION_STATEMENT.after(PostgresFailures::injected);
        }
        session.updateOne(
                "UPDATE belay_stamp SET version = ? WHERE application = ?", version + 1, migrations.applicationId());
    }

    /// A role may lack the right to make schemas where one was made for it.
    private void prepare() throws SQLException {
        if (!exists("SELECT 1 FROM pg_namespace WHERE nspname = ?", schema)) {
            session.run("CREATE SCHEMA " + SqlNames.quoted(schema));
        }
        // Someone else's schema: a first step is all or nothing, so ours has no tables before it.
        if (exists("SELECT 1 FROM pg_tables WHERE schemaname = ?", schema)) {
            throw migrations.foreign(place, "tables without a stamp");
        }
        session.run(
                "CREATE TABLE %s (application bigint PRIMARY KEY, version integer NOT NULL)".formatted(stampTable()));
        session.updateOne(
                "INSERT INTO %s (application, version) VALUES (?, 0)".formatted(stampTable()),
                migrations.applicationId());
    }

    private int version() throws SQLException {
        int version = found();
        if (version > migrations.newest()) {
            throw migrations.tooNew(place, version);
        }
        return version;
    }

    /// The version that is there, also one that is newer than this program; 0 for none. Changes nothing.
    ///
    /// @throws dev.belay.job.Unavailable when the schema is not ours
    int found() throws SQLException {
        if (!exists("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'belay_stamp'", schema)) {
            return 0;
        }
        Optional<Stamp> stamp = session.first(
                "SELECT application, version FROM " + stampTable(),
                row -> new Stamp(row.number("application"), (int) row.number("version")));
        if (stamp.isEmpty() || stamp.get().application() != migrations.applicationId()) {
            throw migrations.foreign(place, "stamp " + stamp);
        }
        return stamp.get().version();
    }

    private String stampTable() {
        return SqlNames.quoted(schema) + ".belay_stamp";
    }

    private boolean exists(String sql, String name) throws SQLException {
        return session.first(sql, row -> true, name).isPresent();
    }
}
