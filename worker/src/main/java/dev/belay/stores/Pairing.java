package dev.belay.stores;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.postgres.Belonging;
import dev.belay.datastore.postgres.PostgresDatastore;
import dev.belay.datastore.sqlite.JournalMark;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.journal.sql.SqlJournal;
import java.nio.file.Path;
import java.util.Optional;

/// Journal and datastore know one another: the datastore notes the journal that decides about it, and the journal the
/// datastore, where hosts of other settings could reach it. So no dataset is ever decided about twice because some
/// setting is wrong, and a journal made anew after a loss is known again by Kafka, which keeps its id with the offsets.
public final class Pairing {
    private final StorePlaces places;
    private final IdSource ids;

    /// @param ids names what has no name yet
    public Pairing(StorePlaces places, IdSource ids) {
        this.places = places;
        this.ids = ids;
    }

    /// Takes note of both sides, unless they are noted. Killed half-way, the next call does the rest.
    ///
    /// @throws JobFailure `FOREIGN_DATASTORE` when one is paired with another
    /// @throws dev.belay.job.Unavailable when one of them cannot be asked
    public void confirm(SqlJournal journal, Datastore datastore) throws JobFailure {
        switch (places.datastore()) {
            // Whether it is another's was asked before the two were opened; here what was never claimed is renewed.
            case StorePlace.Folder(Path folder) -> noteIn(folder, journal.id());
            case StorePlace.Server _ -> {
                if (datastore instanceof PostgresDatastore shared) {
                    confirmShared(journal, shared);
                }
            }
        }
    }

    private void confirmShared(SqlJournal journal, PostgresDatastore datastore) throws JobFailure {
        Optional<String> decided = journal.datastore();
        if (decided.isPresent()
                && !datastore.marks().map(Belonging.Marks::datastore).equals(decided)) {
            // Before anything is noted in a datastore that is perhaps the right one of another journal.
            throw foreign("the journal in %s decides about the datastore %s; the one in %s is another"
                    .formatted(
                            places.journal().text(),
                            decided.get(),
                            places.datastore().text()));
        }
        Belonging.Marks marks = datastore.belongTo(journal.id(), ids);
        if (!marks.journal().equals(journal.id())) {
            throw foreign("the datastore in %s belongs to the journal %s; the one in %s is %s"
                    .formatted(
                            places.datastore().text(),
                            marks.journal(),
                            places.journal().text(),
                            journal.id()));
        }
        String bound = journal.bindTo(marks.datastore());
        if (!bound.equals(marks.datastore())) {
            throw foreign("the journal in %s decides about the datastore %s; the one in %s is %s"
                    .formatted(
                            places.journal().text(), bound, places.datastore().text(), marks.datastore()));
        }
    }

    private static JobFailure foreign(String message) {
        return new JobFailure(new Failure.Configuration(FailureCode.FOREIGN_DATASTORE, message, Place.NONE));
    }

    /// The journal that the datastore has noted, whether there is one or not.
    public Optional<String> notedJournal() {
        return switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> JournalMark.read(folder);
            case StorePlace.Server _ ->
                places.readDatastore().flatMap(datastore -> {
                    try (datastore) {
                        return datastore.journal();
                    }
                });
        };
    }

    /// Makes the journal and the datastore, where there is one, each other's: for a repair, while no worker runs.
    public void renew(SqlJournal journal) {
        switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> noteIn(folder, journal.id());
            case StorePlace.Server server -> {
                boolean isThere = places.readDatastore()
                        .map(datastore -> {
                            datastore.close();
                            return true;
                        })
                        .orElse(false);
                if (isThere) {
                    renewShared(journal, server);
                }
            }
        }
    }

    private void renewShared(SqlJournal journal, StorePlace.Server server) {
        try (PostgresDatastore datastore = places.openShared(server)) {
            Belonging.Marks marks = datastore.belongTo(journal.id(), ids);
            if (!marks.journal().equals(journal.id())) {
                datastore.giveTo(journal.id());
            }
            journal.bindAnew(marks.datastore());
        }
    }

    private void noteIn(Path folder, String journal) {
        Optional<String> noted = JournalMark.read(folder);
        if (noted.isEmpty()) {
            JournalMark.note(folder, journal, ids.next());
        } else if (!noted.get().equals(journal)) {
            JournalMark.replace(folder, journal, ids.next());
        }
    }
}
