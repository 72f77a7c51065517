package dev.belay.upkeep;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Publication;
import dev.belay.datastore.sqlite.CatalogRebuild;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.journal.Attempt;
import dev.belay.journal.JournalReader;
import dev.belay.saga.PublishedPlans;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether journal, catalog and version files are whole, of the same moment and of one another. Asked before a worker
/// opens them: it would make a missing one anew, empty, and then sweep away what nothing names any more.
///
/// A first start that was killed half-way is no loss: as long as nothing was claimed and nothing published, what is
/// missing is made.
public final class StoreAgreement {
    private final StorePlaces places;
    private final StoreNames names;

    /// @param places where they are
    public StoreAgreement(StorePlaces places) {
        this.places = places;
        this.names = new StoreNames(places);
    }

    /// What is wrong, worst first; empty when all is well or nothing is there yet. Changes nothing.
    ///
    /// @throws dev.belay.job.Unavailable when a store cannot be read: damaged, not ours, or not to be reached
    public Optional<Failure> trouble() {
        // Other workers go on meanwhile, and each of their steps is in one store before it is in the other. So what
        // must
        // be in a store is asked of it after the store that came later: publications and claims that were there before
        // the catalog was looked for must be in it, fences that were seen must be in the journal.
        boolean published = files(new JournalRecord(Optional.empty()))
                .filter(CatalogRebuild::hasPublished)
                .isPresent();
        Optional<JournalReader> early = places.readJournal();
        try {
            boolean claimed = claimed(early.map(JournalReader::epochs).orElse(Map.of()));
            Optional<DatastoreReader> catalog = places.readDatastore();
            try {
                if (catalog.isEmpty() && (published || claimed)) {
                    return corrupt(
                            FailureCode.CATALOG_LOST,
                            "there is no %s, but there was one: datasets or a journal are there"
                                    .formatted(names.catalogInItsPlace()));
                }
                Map<DatasetId, Epoch> fences =
                        catalog.map(DatastoreReader::fences).orElse(Map.of());
                return early.isPresent() ? trouble(early, catalog, fences) : troubleOfALateJournal(catalog, fences);
            } finally {
                catalog.ifPresent(DatastoreReader::close);
            }
        } finally {
            early.ifPresent(JournalReader::close);
        }
    }

    /// Another worker may have made it since.
    private Optional<Failure> troubleOfALateJournal(Optional<DatastoreReader> catalog, Map<DatasetId, Epoch> fences) {
        Optional<JournalReader> journal = places.readJournal();
        try {
            return trouble(journal, catalog, fences);
        } finally {
            journal.ifPresent(JournalReader::close);
        }
    }

    /// What else tells of datasets, where they are files.
    private Optional<CatalogRebuild> files(JournalRecord journal) {
        return switch (places.datastore()) {
            case StorePlace.Folder folder -> Optional.of(new CatalogRebuild(folder.path(), journal));
            case StorePlace.Server _ -> Optional.empty();
        };
    }

    private Optional<Failure> trouble(
            Optional<JournalReader> journal, Optional<DatastoreReader> catalog, Map<DatasetId, Epoch> fences) {
        Optional<Failure> damage = journal.flatMap(open -> damaged(names.journal(), open.damage()))
                .or(() -> catalog.flatMap(open -> damaged(names.catalog(), open.damage())));
        if (damage.isPresent()) {
            return damage;
        }
        if (journal.isEmpty() && claimed(fences)) {
            return corrupt(
                    FailureCode.JOURNAL_LOST,
                    "there is no %s, but %s has fences of claims that it must know"
                            .formatted(names.journalInItsPlace(), names.catalogAndItsPlace()));
        }
        Map<DatasetId, Epoch> epochs = journal.map(JournalReader::epochs).orElse(Map.of());
        return foreign(journal, catalog, fences)
                .or(() -> setBack(epochs, fences))
                .or(() -> catalog.flatMap(open -> behind(journal, open)));
    }

    private Optional<Failure> damaged(String store, List<String> damage) {
        return damage.isEmpty()
                ? Optional.empty()
                : corrupt(FailureCode.STORE_CORRUPT, "%s is damaged: %s".formatted(store, damage.getFirst()));
    }

    /// Whether the two are not one another's. As long as nothing was claimed, a journal that was noted in
    /// a folder may be one whose making was cut short; in a database it may be that of another host.
    Optional<Failure> foreign(
            Optional<JournalReader> journal, Optional<DatastoreReader> catalog, Map<DatasetId, Epoch> fences) {
        if (journal.isEmpty() || catalog.isEmpty()) {
            return Optional.empty();
        }
        String id = journal.get().id();
        boolean isShared = places.datastore() instanceof StorePlace.Server;
        Optional<String> noted =
                catalog.get().journal().filter(other -> (isShared || claimed(fences)) && !other.equals(id));
        Optional<String> bound = journal.get()
                .datastore()
                .filter(other -> !Optional.of(other).equals(catalog.get().id()));
        return noted.map(other -> "%s belongs to the journal %s; %s is %s"
                        .formatted(names.catalogAndItsPlace(), other, names.journalAndItsPlace(), id))
                .or(() -> bound.map(other -> "%s decides about the datastore %s; %s is another"
                        .formatted(names.journalAndItsPlace(), other, names.catalogAndItsPlace())))
                .map(message -> new Failure.Configuration(FailureCode.FOREIGN_DATASTORE, message, Place.NONE));
    }

    private static boolean claimed(Map<DatasetId, Epoch> claims) {
        return claims.values().stream().anyMatch(claim -> claim.value() > 0);
    }

    private Optional<Failure> setBack(Map<DatasetId, Epoch> epochs, Map<DatasetId, Epoch> fences) {
        return fences.entrySet().stream()
                .filter(fence -> fence.getValue().compareTo(epochs.getOrDefault(fence.getKey(), new Epoch(0))) > 0)
                .findFirst()
                .flatMap(fence -> corrupt(
                        FailureCode.STORES_DISAGREE,
                        "%s is older than %s: %s was claimed %s times, the journal knows of %s"
                                .formatted(
                                        names.journal(),
                                        names.catalog(),
                                        fence.getKey(),
                                        fence.getValue(),
                                        epochs.getOrDefault(fence.getKey(), new Epoch(0)))));
    }

    private Optional<Failure> behind(Optional<JournalReader> journal, DatastoreReader catalog) {
        return behindDatasets(journal, catalog).stream()
                .findFirst()
                .flatMap(dataset -> corrupt(
                        FailureCode.STORES_DISAGREE,
                        "%s is older than %s: it lacks versions of %s that were published"
                                .formatted(names.catalog(), names.journal(), dataset)));
    }

    /// Datasets whose catalog lacks what the journal, and the files where there are any, say was published.
    List<DatasetId> behindDatasets(Optional<JournalReader> journal, DatastoreReader catalog) {
        Optional<CatalogRebuild> files = files(new JournalRecord(journal));
        // The journal first: what it calls published was in the catalog before that.
        return files.map(known -> known.behind(catalog))
                .orElseGet(() -> journal.map(JournalReader::lastPublications).orElse(List.of()).stream()
                        .filter(attempt -> isMissing(attempt, catalog))
                        .map(Attempt::dataset)
                        .toList());
    }

    private static boolean isMissing(Attempt attempt, DatastoreReader catalog) {
        Optional<Publication> planned = PublishedPlans.of(attempt);
        return planned.isPresent()
                && catalog.commit(attempt.dataset(), planned.get().staging().version())
                        .map(Commit::id)
                        .filter(planned.get().staging().commit()::equals)
                        .isEmpty();
    }

    private static Optional<Failure> corrupt(FailureCode code, String message) {
        return Optional.of(new Failure.Corrupt(code, message, Place.NONE));
    }
}
