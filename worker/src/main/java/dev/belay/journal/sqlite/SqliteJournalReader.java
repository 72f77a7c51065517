package dev.belay.journal.sqlite;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.journal.sql.SchemaAge;
import dev.belay.journal.sql.SqlJournalReader;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A journal for commands that only list: never migrates, never writes, and reads journals that are newer than
/// this program. The answers are those of [dev.belay.journal.Journal].
public final class SqliteJournalReader extends SqlJournalReader {
    private final SqliteDatabase database;

    private SqliteJournalReader(SqliteDatabase database, String id, SchemaAge age) {
        super(database, id, age);
        this.database = database;
    }

    /// Opens the journal of a data folder.
    ///
    /// @return empty when there is none yet, or when whoever began to make it has not come to its end
    /// @throws Unavailable when the file cannot be read or is no journal
    public static Optional<SqliteJournalReader> open(Path dataFolder) {
        Path file = dataFolder.resolve(SqliteJournal.FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SqliteDatabase database = SqliteDatabase.openReadOnly(file);
        boolean opened = false;
        try {
            Optional<String> id =
                    database.<Boolean>read(session -> isMade(session, file)) ? journalId(database) : Optional.empty();
            opened = id.isPresent();
            long version = database.read(session -> number(session, "user_version"));
            SchemaAge age = version < JournalSchema.WITH_REVIEWS ? SchemaAge.BEFORE_REVIEWS : SchemaAge.CURRENT;
            return id.map(found -> new SqliteJournalReader(database, found, age));
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    private static boolean isMade(Session session, Path file) throws SQLException {
        if (number(session, "user_version") == 0) {
            return false;
        }
        long applicationId = number(session, "application_id");
        if (applicationId != JournalSchema.APPLICATION_ID) {
            throw new Unavailable(
                    new Failure.Corrupt(
                            FailureCode.STORE_CORRUPT, "%s is not a journal of Belay".formatted(file), Place.NONE),
                    new SQLException("application_id " + applicationId));
        }
        return true;
    }

    private static long number(Session session, String pragma) throws SQLException {
        return session.first("PRAGMA " + pragma, row -> row.number(pragma)).orElse(0L);
    }

    /// What SQLite's quick check finds.
    @Override
    public List<String> damage() {
        return database.damage();
    }

    @Override
    public boolean isTooNew() {
        long version = database.read(session -> number(session, "user_version"));
        return version > JournalSchema.MIGRATIONS.steps().size();
    }
}
