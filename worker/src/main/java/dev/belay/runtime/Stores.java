package dev.belay.runtime;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.FileStash;
import dev.belay.dictionary.Stash;
import dev.belay.job.Failure;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.Journal;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.parts.Cores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.upkeep.JournalMark;
import dev.belay.upkeep.Places;
import dev.belay.upkeep.StoreAgreement;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/// The three places where facts outlive the process, opened for reading and writing. Several processes may have the
/// same ones open.
public record Stores(Journal journal, Datastore datastore, Stash stash) implements AutoCloseable {
    /// Opens them, making what is missing, unless it is missing from an installation that has had it: one of the
    /// three is never begun anew beside the others.
    ///
    /// @throws JobFailure when the folder cannot hold them: not writable, on a network file system
    /// @throws dev.belay.job.Unavailable when a store cannot be opened: damaged, newer than this program
    public static Stores open(DataFolder folder, IdSource ids) throws JobFailure {
        return open(folder, ids, SqliteDatastore::open);
    }

    /// Opens them as [#open(DataFolder, IdSource)] does, for loading tables on some threads.
    ///
    /// @param cores the threads; the caller's
    public static Stores open(DataFolder folder, IdSource ids, Cores cores) throws JobFailure {
        return open(folder, ids, (place, names) -> SqliteDatastore.open(place, names, cores));
    }

    private static Stores open(DataFolder folder, IdSource ids, BiFunction<Path, IdSource, Datastore> datastores)
            throws JobFailure {
        folder.prepare();
        Optional<Failure> trouble = new StoreAgreement(places(folder)).trouble();
        if (trouble.isPresent()) {
            throw new JobFailure(trouble.get());
        }
        var stash = new FileStash(folder.stash(), ids);
        stash.probe();
        Journal journal = SqliteJournal.open(folder.journalFolder(), ids);
        try {
            JournalMark.note(folder.datastoreFolder(), journal.id(), ids.next());
            return new Stores(journal, datastores.apply(folder.datastoreFolder(), ids), stash);
        } catch (RuntimeException failed) {
            journal.close();
            throw failed;
        }
    }

    /// Where upkeep finds them.
    public static Places places(DataFolder folder) {
        return new Places(
                folder.root(), folder.journalFolder(), folder.datastoreFolder(), folder.stash(), folder.work());
    }

    @Override
    public void close() {
        datastore.close();
        journal.close();
    }
}
