package dev.belay.journal;

import dev.belay.job.IdSource;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.journal.sql.SchemaAge;
import dev.belay.journal.sql.SqlJournalReader;
import dev.belay.kit.TestDatabase;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresDatabase;
import java.time.InstantSource;
import java.util.Random;

/// Opens journals in a test class's database.
public final class PostgresJournals {
    private static final int CONNECTIONS = 4;

    private PostgresJournals() {}

    public static PostgresJournal opened(TestDatabase database, String schema) {
        return opened(database, schema, IdSource.random(InstantSource.system()));
    }

    public static PostgresJournal opened(TestDatabase database, String schema, IdSource ids) {
        return PostgresJournal.open(
                new PostgresAddress(database.url(), database.user(), database.password()),
                new PostgresDatabase.Use(schema, CONNECTIONS),
                ids,
                new Random(1));
    }

    /// What commands that list ask, over the journal's own connections: not to be closed.
    public static SqlJournalReader reader(PostgresJournal journal) {
        return new SqlJournalReader(journal.database(), journal.id(), SchemaAge.CURRENT);
    }
}
