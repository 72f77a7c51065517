package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Brings one SQLite file up to date. The stamp is `user_version`, beside `application_id`.
final class SqliteMigrations {
    private final Migrations migrations;
    private final Connection connection;
    private final Path file;

    SqliteMigrations(Migrations migrations, Connection connection, Path file) {
        this.migrations = migrations;
        this.connection = connection;
        this.file = file;
    }

    void bringUpToDate() throws SQLException {
        for (int version = version(); version < migrations.newest(); version = version()) {
            try (Statement statement = connection.createStatement()) {
                FaultPoint.MIGRATION_STEP.before(SqliteFailures::injected);
                statement.execute("BEGIN IMMEDIATE");
                // Asked again inside the transaction: another process may have been first.
                if (number("PRAGMA user_version") == version) {
                    refuseForeign(version);
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
    private void refuseForeign(int version) throws SQLException {
        int tables = number("SELECT count(*) FROM sqlite_schema");
        if (version == 0 && tables > 0) {
            throw migrations.foreign(file.toString(), tables + " tables without a stamp");
        }
    }

    private void runStep(Statement statement, int version) throws SQLException {
        for (String sql : migrations.statementsFrom(version)) {
            FaultPoint.MIGRATION_STATEMENT.before(SqliteFailures::injected);
            statement.execute(sql);
            FaultPoint.MIGRATION_STATEMENT.after(SqliteFailures::injected);
        }
        statement.execute("PRAGMA application_id = " + migrations.applicationId());
        statement.execute("PRAGMA user_version = " + (version + 1));
    }

    private int version() throws SQLException {
        int version = number("PRAGMA user_version");
        int application = number("PRAGMA application_id");
        if (version < 0 || (version > 0 && application != migrations.applicationId())) {
            throw migrations.foreign(file.toString(), "application_id " + application);
        }
        if (version > migrations.newest()) {
            throw migrations.tooNew(file.toString(), version);
        }
        return version;
    }

    private int number(String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(pragma)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
