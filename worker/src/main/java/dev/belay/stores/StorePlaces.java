package dev.belay.stores;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.postgres.PostgresDatastore;
import dev.belay.datastore.postgres.PostgresDatastoreReader;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.datastore.sqlite.SqliteDatastoreReader;
import dev.belay.dictionary.FileStash;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.postgres.PostgresStash;
import dev.belay.job.IdSource;
import dev.belay.journal.Journal;
import dev.belay.journal.JournalReader;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.journal.postgres.PostgresJournalReader;
import dev.belay.journal.sql.SqlJournal;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.journal.sqlite.SqliteJournalReader;
import dev.belay.parts.Cores;
import dev.belay.pivot.Pivot;
import dev.belay.sql.PostgresDatabase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Where the stores of an installation are, and how each is opened. The stash is where the journal is: whoever may
/// decide about a dataset finds its dictionary.
///
/// @param root      the data folder: what each host has of its own, and the stash beside a journal in files
/// @param journal   where the journal is
/// @param datastore where datasets are
/// @param random    for the pauses before a transaction is run again; safe for many threads
public record StorePlaces(Path root, StorePlace journal, StorePlace datastore, RandomGenerator random) {
    /// Commands ask one question after the other.
    private static final int TO_LOOK = 2;

    /// The folder of stashed dictionaries, where the journal is in files.
    public Path stashFolder() {
        return root.resolve("stash");
    }

    /// The folder of fetched files of running attempts, on this host.
    public Path work() {
        return root.resolve("work");
    }

    /// What decides, open for work; closing the journal closes both.
    public record Deciding(SqlJournal journal, Stash stash) implements AutoCloseable {
        @Override
        public void close() {
            journal.close();
        }
    }

    /// What decides, to be looked at; the stash is not to be written through this.
    ///
    /// @param journal empty when there is none yet
    public record Decided(Optional<JournalReader> journal, Stash stash) implements AutoCloseable {
        @Override
        public void close() {
            journal.ifPresent(JournalReader::close);
        }
    }

    /// Opens the journal, making it if it is missing.
    ///
    /// @param ids mints the id of a new journal
    /// @throws dev.belay.job.Unavailable when it cannot be opened
    public SqlJournal openJournal(IdSource ids) {
        return switch (journal) {
            case StorePlace.Folder(Path folder) -> SqliteJournal.open(folder, ids);
            case StorePlace.Server server -> postgresJournal(server, ids);
        };
    }

    private PostgresJournal postgresJournal(StorePlace.Server server, IdSource ids) {
        var use = new PostgresDatabase.Use(server.journalSchema(), server.connections());
        return PostgresJournal.open(server.address(), use, ids, random);
    }

    /// Gives the journal another name, under which nobody finds it; every byte is kept. For a repair, while no worker
    /// runs. Does nothing when there is none.
    ///
    /// @param suffix put behind its name; one that nothing has yet
    /// @throws dev.belay.job.Unavailable when it cannot be
    public void setJournalAside(String suffix) {
        switch (journal) {
            case StorePlace.Folder(Path folder) -> SqliteJournal.setAside(folder, suffix);
            case StorePlace.Server server ->
                PostgresJournal.setAside(
                        server.address(), new PostgresDatabase.Use(server.journalSchema(), 1), suffix, random);
        }
    }

    /// Opens journal and stash, making what is missing.
    ///
    /// @throws dev.belay.job.Unavailable when one cannot be opened, or the stash could not be written
    public Deciding openDeciding(IdSource ids) {
        return switch (journal) {
            case StorePlace.Folder(Path folder) -> {
                var stash = new FileStash(stashFolder(), ids);
                stash.probe();
                yield new Deciding(SqliteJournal.open(folder, ids), stash);
            }
            case StorePlace.Server server -> {
                PostgresJournal opened = postgresJournal(server, ids);
                yield made(
                        opened, from -> new Deciding(from, PostgresStash.open(from.database(), server.stashSchema())));
            }
        };
    }

    /// The stash, to be changed by a person.
    ///
    /// @param ids makes names unique while files are written
    public <T> T withStash(IdSource ids, Function<Stash, T> work) {
        return switch (journal) {
            case StorePlace.Folder _ -> work.apply(new FileStash(stashFolder(), ids));
            case StorePlace.Server _ -> {
                try (Deciding deciding = openDeciding(ids)) {
                    yield work.apply(deciding.stash());
                }
            }
        };
    }

    /// Opens the datastore, making it if it is missing.
    ///
    /// @param ids names the probe by which it is found out whether a folder can be written
    /// @throws dev.belay.job.Unavailable when it cannot be opened
    public Datastore openDatastore(IdSource ids) {
        return switch (datastore) {
            case StorePlace.Folder(Path folder) -> SqliteDatastore.open(folder, ids);
            case StorePlace.Server server -> openShared(server);
        };
    }

    /// The same, for loading tables on some threads.
    ///
    /// @param cores the threads; the caller's
    public Datastore openDatastore(IdSource ids, Cores cores) {
        return switch (datastore) {
            case StorePlace.Folder(Path folder) -> SqliteDatastore.open(folder, ids, cores);
            case StorePlace.Server server ->
                PostgresDatastore.open(
                        server.address(), server.datastoreSchemas(), server.connections(), random, cores);
        };
    }

    /// How versions are published in stores that were opened here: in one transaction with the end of their attempts
    /// where both are reached at one URL as one role.
    public Pivot pivot(Journal opened, Datastore beside) {
        return areOneDatabase() && opened instanceof PostgresJournal ours && beside instanceof PostgresDatastore shared
                ? new OneDatabase(ours, shared)
                : Pivot.publishing(beside);
    }

    private boolean areOneDatabase() {
        return journal instanceof StorePlace.Server one
                && datastore instanceof StorePlace.Server other
                && one.address().equals(other.address());
    }

    PostgresDatastore openShared(StorePlace.Server server) {
        return PostgresDatastore.open(server.address(), server.datastoreSchemas(), server.connections(), random);
    }

    /// The journal to be looked at; empty when there is none yet.
    ///
    /// @throws dev.belay.job.Unavailable when it is there and cannot be read
    public Optional<JournalReader> readJournal() {
        return switch (journal) {
            case StorePlace.Folder(Path folder) ->
                SqliteJournalReader.open(folder).map(Function.identity());
            case StorePlace.Server server -> readJournal(server).map(Function.identity());
        };
    }

    private Optional<PostgresJournalReader> readJournal(StorePlace.Server server) {
        return PostgresJournalReader.open(
                server.address(), new PostgresDatabase.Use(server.journalSchema(), TO_LOOK), random);
    }

    /// Journal and stash to be looked at.
    ///
    /// @param ids makes names unique, as far as an implementation asks for one
    /// @throws dev.belay.job.Unavailable when one is there and cannot be read
    public Decided readDecided(IdSource ids) {
        return switch (journal) {
            case StorePlace.Folder _ -> new Decided(readJournal(), FileStash.thatOnlyLooks(stashFolder(), ids));
            case StorePlace.Server server -> {
                Optional<PostgresJournalReader> read = readJournal(server);
                yield read.isEmpty()
                        ? new Decided(Optional.empty(), new NoStash())
                        : made(read.get(), open -> new Decided(Optional.of(open), stash(open.database(), server)));
            }
        };
    }

    private static Stash stash(PostgresDatabase database, StorePlace.Server server) {
        return PostgresStash.find(database, server.stashSchema())
                .<Stash>map(Function.identity())
                .orElseGet(NoStash::new);
    }

    /// The datastore to be looked at; empty when there is none yet.
    ///
    /// @throws dev.belay.job.Unavailable when it is there and cannot be read
    public Optional<DatastoreReader> readDatastore() {
        return switch (datastore) {
            case StorePlace.Folder(Path folder) ->
                SqliteDatastoreReader.open(folder).map(Function.identity());
            case StorePlace.Server server ->
                PostgresDatastoreReader.open(server.address(), server.datastoreSchemas(), TO_LOOK, random)
                        .map(Function.identity());
        };
    }

    /// What is made of something open; on failure that is closed.
    private static <S extends AutoCloseable, T> T made(S source, Function<S, T> making) {
        boolean done = false;
        try {
            T result = making.apply(source);
            done = true;
            return result;
        } finally {
            if (!done) {
                closeQuietly(source);
            }
        }
    }

    private static void closeQuietly(AutoCloseable source) {
        try {
            source.close();
        } catch (Exception alsoFailed) {
            // The first failure is the one to report.
            return;
        }
    }
}
