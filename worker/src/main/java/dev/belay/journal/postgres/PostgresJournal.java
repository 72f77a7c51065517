package dev.belay.journal.postgres;

import dev.belay.fault.FaultPoint;
import dev.belay.job.IdSource;
import dev.belay.journal.Claim;
import dev.belay.journal.Ending;
import dev.belay.journal.sql.Dialect;
import dev.belay.journal.sql.SqlJournal;
import dev.belay.sql.Addition;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresClock;
import dev.belay.sql.PostgresDatabase;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The journal in a schema of a PostgreSQL database, for all workers of all hosts.
///
/// What a method decided survives a power cut of the server once it has returned. Two decisions about one dataset come
/// one after the other, see [Dialect]; those about different ones do not wait for each other.
public final class PostgresJournal extends SqlJournal {
    private final PostgresDatabase database;

    private PostgresJournal(PostgresDatabase database, String id) {
        super(database, Dialect.POSTGRESQL, id);
        this.database = database;
    }

    /// Opens the journal of a schema, making schema and journal if they are missing, and brings it up to date.
    ///
    /// Killed half-way it leaves a journal that the next call completes. Of several processes that open at once one
    /// makes it, and all get the same id.
    ///
    /// @param ids    mints the id of a new journal
    /// @param random for the pauses before a transaction is run again; safe for many threads
    /// @throws dev.belay.job.Unavailable when it cannot be reached or used, or is newer than this program
    public static PostgresJournal open(
            PostgresAddress address, PostgresDatabase.Use use, IdSource ids, RandomGenerator random) {
        PostgresDatabase database = PostgresDatabase.open(address, use, JournalSchema.MIGRATIONS, random);
        boolean opened = false;
        try {
            var journal = new PostgresJournal(database, journalId(database, ids));
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    /// Gives the journal's schema another name, with all that is in it. Does nothing when there is none.
    ///
    /// @param suffix put behind its name after an underscore
    /// @throws dev.belay.job.Unavailable when it cannot be, as without the right to make schemas
    public static void setAside(
            PostgresAddress address, PostgresDatabase.Use use, String suffix, RandomGenerator random) {
        PostgresDatabase.find(address, use, JournalSchema.MIGRATIONS, random).ifPresent(database -> {
            try (database) {
                database.renameSchema(use.schema(), use.schema() + "_" + suffix);
            }
        });
    }

    /// That of the database's server.
    @Override
    public InstantSource sharedClock(InstantSource own) {
        return new PostgresClock(database);
    }

    /// What ends an attempt with something else that becomes durable in the same database, as [#end] does alone.
    ///
    /// @param words the ending, by what the transaction has made
    /// @param clock dates it
    public <A> Addition<A> ending(Claim claim, Function<A, Ending> words, InstantSource clock) {
        return new Addition<>(
                database.schema(),
                FaultPoint.JOURNAL_END,
                (session, made) -> end(session, claim, words.apply(made), clock.instant()));
    }

    /// The database it is in, for what else is kept there; closed with the journal.
    public PostgresDatabase database() {
        return database;
    }
}
