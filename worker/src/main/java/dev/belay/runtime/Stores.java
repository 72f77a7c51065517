package dev.belay.runtime;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.FileStash;
import dev.belay.dictionary.Stash;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.Journal;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.runtime.folder.DataFolder;

/// The three places where facts outlive the process, opened for reading and writing. Several processes may have the
/// same ones open.
public record Stores(Journal journal, Datastore datastore, Stash stash) implements AutoCloseable {
    /// Opens them, making what is missing.
    ///
    /// @throws JobFailure when the folder cannot hold them: not writable, on a network file system
    /// @throws dev.belay.job.Unavailable when a store cannot be opened: damaged, newer than this program
    public static Stores open(DataFolder folder, IdSource ids) throws JobFailure {
        folder.prepare();
        var stash = new FileStash(folder.stash(), ids);
        stash.probe();
        Journal journal = SqliteJournal.open(folder.journalFolder(), ids);
        try {
            return new Stores(journal, SqliteDatastore.open(folder.datastoreFolder(), ids), stash);
        } catch (RuntimeException failed) {
            journal.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        datastore.close();
        journal.close();
    }
}
