package dev.belay.journal.postgres;

import dev.belay.journal.sql.SchemaAge;
import dev.belay.journal.sql.SqlJournalReader;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresClock;
import dev.belay.sql.PostgresDatabase;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A journal in a PostgreSQL schema for commands that only look: never migrates, never writes, and reads journals that
/// are newer than this program.
public final class PostgresJournalReader extends SqlJournalReader {
    private final PostgresDatabase database;
    private final int version;

    private PostgresJournalReader(PostgresDatabase database, String id, int version) {
        super(database, id, SchemaAge.CURRENT);
        this.database = database;
        this.version = version;
    }

    /// Opens the journal of a schema.
    ///
    /// @param random for the pauses before a question is asked again; safe for many threads
    /// @return empty when there is none yet, or when whoever began to make it has not come to its end
    /// @throws dev.belay.job.Unavailable when it cannot be reached or read, or is no journal
    public static Optional<PostgresJournalReader> open(
            PostgresAddress address, PostgresDatabase.Use use, RandomGenerator random) {
        Optional<PostgresDatabase> found = PostgresDatabase.find(address, use, JournalSchema.MIGRATIONS, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        PostgresDatabase database = found.get();
        boolean opened = false;
        try {
            Optional<String> id = journalId(database);
            int version = database.version(use.schema(), JournalSchema.MIGRATIONS);
            opened = id.isPresent();
            return id.map(known -> new PostgresJournalReader(database, known, version));
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    @Override
    public boolean isTooNew() {
        return version > JournalSchema.MIGRATIONS.steps().size();
    }

    /// That of the database's server.
    @Override
    public InstantSource sharedClock(InstantSource own) {
        return new PostgresClock(database);
    }

    /// The database it is in, for what else is kept there; closed with the reader.
    public PostgresDatabase database() {
        return database;
    }
}
