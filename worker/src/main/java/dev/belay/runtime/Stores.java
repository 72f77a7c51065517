package dev.belay.runtime;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.job.Failure;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.Journal;
import dev.belay.parts.Cores;
import dev.belay.pivot.Pivot;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.stores.Pairing;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import dev.belay.upkeep.StoreAgreement;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;

/// The three places where facts outlive the process, opened for reading and writing. Several processes may have the
/// same ones open, of several hosts where they are in a database.
///
/// @param pivot changes journal and datastore in one step where they are one database
public record Stores(Journal journal, Datastore datastore, Stash stash, Pivot pivot) implements AutoCloseable {
    /// Opens those of a data folder that holds everything: [#open(DataFolder, StorePlaces, IdSource)].
    public static Stores open(DataFolder folder, IdSource ids) throws JobFailure {
        return open(folder, places(folder), ids);
    }

    /// Opens them, making what is missing, unless it is missing from an installation that has had it: one of the
    /// three is never begun anew beside the others.
    ///
    /// @param folder what this host has of its own
    /// @throws JobFailure when the folder cannot hold them (not writable, on a network file system), or when one of
    /// the three is lost, set back, or another installation's
    /// @throws dev.belay.job.Unavailable when a store cannot be opened: damaged, newer than this program, away
    public static Stores open(DataFolder folder, StorePlaces places, IdSource ids) throws JobFailure {
        return open(folder, places, ids, () -> places.openDatastore(ids));
    }

    /// Opens them as [#open(DataFolder, StorePlaces, IdSource)] does, for loading tables on some threads.
    ///
    /// @param cores the threads; the caller's
    public static Stores open(DataFolder folder, StorePlaces places, IdSource ids, Cores cores) throws JobFailure {
        return open(folder, places, ids, () -> places.openDatastore(ids, cores));
    }

    private static Stores open(DataFolder folder, StorePlaces places, IdSource ids, Supplier<Datastore> datastores)
            throws JobFailure {
        folder.prepare();
        Optional<Failure> trouble = new StoreAgreement(places).trouble();
        if (trouble.isPresent()) {
            throw new JobFailure(trouble.get());
        }
        StorePlaces.Deciding deciding = places.openDeciding(ids);
        try {
            Datastore datastore = datastores.get();
            try {
                new Pairing(places, ids).confirm(deciding.journal(), datastore);
                Pivot pivot = places.pivot(deciding.journal(), datastore);
                return new Stores(deciding.journal(), datastore, deciding.stash(), pivot);
            } catch (JobFailure | RuntimeException failed) {
                datastore.close();
                throw failed;
            }
        } catch (JobFailure | RuntimeException failed) {
            deciding.close();
            throw failed;
        }
    }

    /// Those of a data folder that holds everything.
    public static StorePlaces places(DataFolder folder) {
        return new StorePlaces(
                folder.root(),
                new StorePlace.Folder(folder.journalFolder()),
                new StorePlace.Folder(folder.datastoreFolder()),
                new SecureRandom());
    }

    @Override
    public void close() {
        datastore.close();
        journal.close();
    }
}
