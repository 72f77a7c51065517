package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The numbered steps that bring a database of ours from nothing to its newest schema.
///
/// The stamp is `user_version`; it is the last write of each step's own transaction. So a kill between steps leaves a
/// whole older version, a kill inside a step leaves nothing of it, and of two processes one waits and finds it done.
///
/// @param applicationId marks the file as ours (`PRAGMA application_id`), a positive 32-bit number
/// @param name          what to call the database in messages
/// @param steps         SQL scripts, statements separated by `;` at line ends; step n makes version n + 1
public record Migrations(int applicationId, String name, List<String> steps) {
    /// Copies the steps.
    public Migrations {
        steps = List.copyOf(steps);
    }

    void bringUpToDate(Connection connection, Path file) throws SQLException {
        for (int version = version(connection, file); version < steps.size(); version = version(connection, file)) {
            try (Statement statement = connection.createStatement()) {
                FaultPoint.MIGRATION_STEP.before(SqliteFailures::injected);
                statement.execute("BEGIN IMMEDIATE");
                // Asked again inside the transaction: another process may have been first.
                if (number(connection, "PRAGMA user_version") == version) {
                    refuseForeign(connection, file, version);
                    runStep(statement, version);
                }
                FaultPoint.DATABASE_COMMIT.before(SqliteFailures::injected);
                statement.execute("COMMIT");
                FaultPoint.DATABASE_COMMIT.after(SqliteFailures::injected);
                FaultPoint.MIGRATION_STEP.after(SqliteFailures::injected);
            }
        }
    }

    // Someone else's database without a stamp: a first step is all or nothing, so ours has no tables before it.
    private void refuseForeign(Connection connection, Path file, int version) throws SQLException {
        int tables = number(connection, "SELECT count(*) FROM sqlite_schema");
        if (version == 0 && tables > 0) {
            throw foreign(file, tables + " tables without a stamp");
        }
    }

    private Unavailable foreign(Path file, String evidence) {
        return new Unavailable(
                new Failure.Corrupt(
                        FailureCode.STORE_CORRUPT, "%s is not a %s of Belay".formatted(file, name), Place.NONE),
                new SQLException(evidence));
    }

    private void runStep(Statement statement, int version) throws SQLException {
        for (String sql : steps.get(version).split(";\\s*\\n", -1)) {
            if (!sql.isBlank()) {
                FaultPoint.MIGRATION_STATEMENT.before(SqliteFailures::injected);
                statement.execute(sql);
                FaultPoint.MIGRATION_STATEMENT.after(SqliteFailures::injected);
            }
        }
        statement.execute("PRAGMA application_id = " + applicationId);
        statement.execute("PRAGMA user_version = " + (version + 1));
    }

    private int version(Connection connection, Path file) throws SQLException {
        int version = number(connection, "PRAGMA user_version");
        int application = number(connection, "PRAGMA application_id");
        if (version < 0 || (version > 0 && application != applicationId)) {
            throw foreign(file, "application_id " + application);
        }
        if (version > steps.size()) {
            String message = "%s has %s version %d, this Belay knows up to %d: upgrade this worker"
                    .formatted(file, name, version, steps.size());
            throw new Unavailable(
                    new Failure.Configuration(FailureCode.JOURNAL_TOO_NEW, message, Place.NONE),
                    new SQLException("user_version " + version));
        }
        return version;
    }

    private static int number(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(pragma)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
