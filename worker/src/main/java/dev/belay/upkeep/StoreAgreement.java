package dev.belay.upkeep;

import dev.belay.datastore.sqlite.CatalogRebuild;
import dev.belay.datastore.sqlite.SqliteDatastoreReader;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.journal.sqlite.SqliteJournalReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether journal, catalog and version files are whole and of the same moment. Asked before a worker opens them: it
/// would make a missing one anew, empty, and then sweep away what nothing names any more.
///
/// A first start that was killed half-way is no loss: as long as nothing was claimed and nothing published, what is
/// missing is made.
public final class StoreAgreement {
    private final Places places;

    /// @param places where they are
    public StoreAgreement(Places places) {
        this.places = places;
    }

    /// What is wrong, worst first; empty when all is well or nothing is there yet. Changes nothing.
    ///
    /// @throws Unavailable when a store cannot be read: damaged, or not ours
    public Optional<Failure> trouble() {
        // Other workers go on meanwhile, and each of their steps is in one store before it is in the other. So what
        // must
        // be in a store is asked of it after the store that came later: publications and claims that were there before
        // the catalog was looked for must be in it, fences that were seen must be in the journal.
        boolean published = new CatalogRebuild(places.datastore(), new JournalRecord(Optional.empty())).hasPublished();
        boolean claimed = claimed(epochs());
        Optional<SqliteDatastoreReader> catalog = SqliteDatastoreReader.open(places.datastore());
        try {
            if (catalog.isEmpty() && (published || claimed)) {
                return corrupt(
                        FailureCode.CATALOG_LOST,
                        "there is no catalog.db in %s, but there was one: datasets or a journal are there"
                                .formatted(places.datastore()));
            }
            Map<DatasetId, Epoch> fences =
                    catalog.map(SqliteDatastoreReader::fences).orElse(Map.of());
            Optional<SqliteJournalReader> journal = SqliteJournalReader.open(places.journal());
            try {
                return trouble(journal, catalog, fences);
            } finally {
                journal.ifPresent(SqliteJournalReader::close);
            }
        } finally {
            catalog.ifPresent(SqliteDatastoreReader::close);
        }
    }

    private Map<DatasetId, Epoch> epochs() {
        return SqliteJournalReader.open(places.journal())
                .map(journal -> {
                    try (journal) {
                        return journal.epochs();
                    }
                })
                .orElse(Map.of());
    }

    private Optional<Failure> trouble(
            Optional<SqliteJournalReader> journal,
            Optional<SqliteDatastoreReader> catalog,
            Map<DatasetId, Epoch> fences) {
        Optional<Failure> damage = journal.flatMap(open -> damaged("journal.db", open.damage()))
                .or(() -> catalog.flatMap(open -> damaged("catalog.db", open.damage())));
        if (damage.isPresent()) {
            return damage;
        }
        if (journal.isEmpty() && claimed(fences)) {
            return corrupt(
                    FailureCode.JOURNAL_LOST,
                    "there is no journal.db in %s, but %s has fences of claims that it must know"
                            .formatted(places.journal(), places.datastore().resolve("catalog.db")));
        }
        Map<DatasetId, Epoch> epochs = journal.map(SqliteJournalReader::epochs).orElse(Map.of());
        var files = new CatalogRebuild(places.datastore(), new JournalRecord(journal));
        return setBack(epochs, fences).or(() -> catalog.flatMap(open -> behind(files, open)));
    }

    private Optional<Failure> damaged(String file, List<String> damage) {
        return damage.isEmpty()
                ? Optional.empty()
                : corrupt(FailureCode.STORE_CORRUPT, "%s is damaged: %s".formatted(file, damage.getFirst()));
    }

    private static boolean claimed(Map<DatasetId, Epoch> claims) {
        return claims.values().stream().anyMatch(claim -> claim.value() > 0);
    }

    private static Optional<Failure> setBack(Map<DatasetId, Epoch> epochs, Map<DatasetId, Epoch> fences) {
        return fences.entrySet().stream()
                .filter(fence -> fence.getValue().compareTo(epochs.getOrDefault(fence.getKey(), new Epoch(0))) > 0)
                .findFirst()
                .flatMap(fence -> corrupt(
                        FailureCode.STORES_DISAGREE,
                        "journal.db is older than catalog.db: %s was claimed %s times, the journal knows of %s"
                                .formatted(
                                        fence.getKey(),
                                        fence.getValue(),
                                        epochs.getOrDefault(fence.getKey(), new Epoch(0)))));
    }

    private static Optional<Failure> behind(CatalogRebuild files, SqliteDatastoreReader catalog) {
        return files.behind(catalog).stream()
                .findFirst()
                .flatMap(dataset -> corrupt(
                        FailureCode.STORES_DISAGREE,
                        "catalog.db is older than journal.db: it lacks versions of %s that were published"
                                .formatted(dataset)));
    }

    private static Optional<Failure> corrupt(FailureCode code, String message) {
        return Optional.of(new Failure.Corrupt(code, message, Place.NONE));
    }
}
