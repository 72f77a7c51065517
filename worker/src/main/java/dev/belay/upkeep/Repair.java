package dev.belay.upkeep;

import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.sqlite.CatalogRebuild;
import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.journal.JournalReader;
import dev.belay.journal.sql.SqlJournal;
import dev.belay.stores.Pairing;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Compares journal, catalog, version files, links, stash and workspaces, and mends what has one right answer. Whoever
/// mends sees to it that no worker runs meanwhile.
///
/// Open attempts are left to recovery: a catalog that is made anew holds what their publication has changed or not,
/// and either is a state that recovery ends rightly from.
///
/// What is mended is written to `repairs.log` in the data folder, a line each: not into the journal, which may itself
/// be what was lost.
public final class Repair {
    static final String LOG = "repairs.log";

    private static final String PRICE =
            "; jobs it does not know of and that Kafka delivers again run again (an append would load its rows twice)";

    private final StorePlaces places;
    private final StoreNames names;
    private final IdSource ids;
    private final InstantSource clock;

    /// @param places where everything is
    /// @param ids    names what is set aside
    /// @param clock  dates the log of repairs
    public Repair(StorePlaces places, IdSource ids, InstantSource clock) {
        this.places = places;
        this.names = new StoreNames(places);
        this.ids = ids;
        this.clock = clock;
    }

    /// What is wrong. As long as a store is, only that: the rest is compared with the stores.
    ///
    /// @throws Unavailable when something cannot be read for another reason than damage
    public List<Item> look() {
        List<Item> stores = stores();
        return stores.isEmpty() ? new Leftovers(places, ids).look() : stores;
    }

    /// Mends one thing and takes note of it.
    public void mend(Item item) {
        item.mend().run();
        String line = "%s %s: %s%n"
                .formatted(clock.instant(), item.what(), item.words().replace('\n', ' '));
        try {
            Path log = places.root().resolve(LOG);
            if (!Files.exists(log)) {
                Files.createFile(log);
                DurableFiles.fsyncFolder(places.root());
            }
            DurableFiles.append(log, line.getBytes(StandardCharsets.UTF_8), '\n');
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, places.root()), failed);
        }
    }

    private List<Item> stores() {
        Opened<JournalReader> journal = opened(places::readJournal, JournalReader::damage);
        Opened<DatastoreReader> catalog = opened(places::readDatastore, DatastoreReader::damage);
        try {
            var items = new ArrayList<Item>();
            items.addAll(catalogItems(journal, catalog));
            items.addAll(journalItems(journal, catalog));
            return items;
        } finally {
            catalog.store().ifPresent(DatastoreReader::close);
            journal.store().ifPresent(JournalReader::close);
        }
    }

    /// @param store   empty when it is missing or damaged
    /// @param damage  what is wrong with it; empty when it is whole or missing
    private record Opened<T>(Optional<T> store, Optional<String> damage) {}

    /// Opens a store.
    @FunctionalInterface
    private interface Opening<T> {
        Optional<T> open();
    }

    private static <T extends AutoCloseable> Opened<T> opened(Opening<T> opening, Function<T, List<String>> looked) {
        Optional<T> store = Optional.empty();
        try {
            store = opening.open();
            List<String> damage = store.map(looked).orElse(List.of());
            if (damage.isEmpty()) {
                return new Opened<>(store, Optional.empty());
            }
            closeQuietly(store);
            return new Opened<>(Optional.empty(), Optional.of(damage.getFirst()));
        } catch (Unavailable unreadable) {
            closeQuietly(store);
            if (unreadable.failure().code() == FailureCode.STORE_CORRUPT) {
                return new Opened<>(
                        Optional.empty(), Optional.of(unreadable.failure().message()));
            }
            throw unreadable;
        }
    }

    private static <T extends AutoCloseable> void closeQuietly(Optional<T> store) {
        try {
            if (store.isPresent()) {
                store.get().close();
            }
        } catch (Exception alreadyDamaged) {
            // The damage is what is reported.
            return;
        }
    }

    private List<Item> catalogItems(Opened<JournalReader> journal, Opened<DatastoreReader> catalog) {
        return switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> fileItems(folder, journal, catalog);
            case StorePlace.Server server -> tableItems(server, journal, catalog);
        };
    }

    /// Tables of a database come back from a backup of it and from nothing else.
    private List<Item> tableItems(
            StorePlace.Server server, Opened<JournalReader> journal, Opened<DatastoreReader> catalog) {
        if (catalog.store().isEmpty()) {
            return claimed(epochs(journal))
                    ? List.of(Item.listed(
                            "catalog",
                            names.catalog() + " is gone, but there was one: the journal has claims of its datasets",
                            "restore a backup of the database %s, or name the right one in datastore.url"
                                    .formatted(server.text())))
                    : List.of();
        }
        List<DatasetId> behind = new StoreAgreement(places)
                .behindDatasets(journal.store(), catalog.store().get());
        return behind.isEmpty()
                ? List.of()
                : List.of(Item.forced(
                        "journal",
                        "%s is older than %s, for %s: restore a newer backup of the database; or an empty journal takes the place of this one, which is kept%s"
                                .formatted(names.catalog(), names.journal(), behind, PRICE),
                        this::replaceJournal));
    }

    private List<Item> fileItems(Path folder, Opened<JournalReader> journal, Opened<DatastoreReader> catalog) {
        var rebuild = new CatalogRebuild(folder, new JournalRecord(journal.store()));
        Optional<String> wrong = catalog.damage().map(damage -> "catalog.db is damaged: " + damage);
        if (wrong.isEmpty() && catalog.store().isEmpty()) {
            boolean lost = rebuild.hasPublished() || claimed(epochs(journal));
            wrong = lost ? Optional.of("catalog.db is gone") : Optional.empty();
        }
        if (wrong.isEmpty()) {
            wrong = catalog.store()
                    .map(rebuild::behind)
                    .filter(behind -> !behind.isEmpty())
                    .map(behind -> "catalog.db is older than what stands beside it, for %s".formatted(behind));
        }
        if (wrong.isEmpty()) {
            return List.of();
        }
        List<CatalogRebuild.Restored> datasets = rebuild.read();
        var items = new ArrayList<Item>();
        items.add(Item.mended(
                "catalog",
                "%s; it is made anew from history logs, version files and journal, with %s; the old one is kept"
                        .formatted(wrong.get(), described(datasets)),
                () -> remakeCatalog(folder)));
        for (CatalogRebuild.Restored restored : datasets) {
            restored.notes()
                    .forEach(note -> items.add(Item.listed(
                            "dataset " + restored.dataset(), note, "belay datasets history " + restored.dataset())));
        }
        rebuild.unknownFiles(datasets)
                .forEach(file -> items.add(Item.listed(
                        "file " + file,
                        "neither a history nor the journal knows it; it is not published by guess",
                        "load it as you would any file, or remove it")));
        return items;
    }

    private static String described(List<CatalogRebuild.Restored> datasets) {
        if (datasets.isEmpty()) {
            return "no dataset";
        }
        var words = new ArrayList<String>();
        for (CatalogRebuild.Restored restored : datasets) {
            words.add(restored.head()
                    .map(head -> "%s at version %d".formatted(restored.dataset(), head))
                    .orElse(restored.dataset() + " with nothing served"));
        }
        return String.join(", ", words);
    }

    private void remakeCatalog(Path folder) {
        Opened<JournalReader> journal = opened(places::readJournal, JournalReader::damage);
        try {
            var rebuild = new CatalogRebuild(folder, new JournalRecord(journal.store()));
            rebuild.replace(rebuild.read(), ids);
        } finally {
            journal.store().ifPresent(JournalReader::close);
        }
    }

    private List<Item> journalItems(Opened<JournalReader> journal, Opened<DatastoreReader> catalog) {
        Map<DatasetId, Epoch> fences =
                catalog.store().map(DatastoreReader::fences).orElse(Map.of());
        if (journal.damage().isPresent()) {
            return List.of(Item.forced(
                    "journal",
                    "%s is damaged: %s; an empty one takes its place, the old one is kept%s"
                            .formatted(names.journal(), journal.damage().get(), PRICE),
                    this::replaceJournal));
        }
        if (journal.store().isEmpty()) {
            boolean lost = catalog.damage().isPresent() || claimed(fences);
            return lost
                    ? List.of(Item.forced(
                            "journal",
                            names.journal() + " is gone; an empty one takes its place" + PRICE,
                            this::raiseJournal))
                    : List.of();
        }
        if (catalog.store().isPresent()
                && new StoreAgreement(places)
                        .foreign(journal.store(), catalog.store(), fences)
                        .isPresent()) {
            return List.of(Item.forced(
                    "journal",
                    "%s belongs to another journal than %s; it is given to this one, whose claims are raised to the fences%s"
                            .formatted(names.catalogAndItsPlace(), names.journalAndItsPlace(), PRICE),
                    this::raiseJournal));
        }
        Map<DatasetId, Epoch> epochs = epochs(journal);
        boolean setBack = fences.entrySet().stream()
                .anyMatch(fence -> fence.getValue().compareTo(epochs.getOrDefault(fence.getKey(), new Epoch(0))) > 0);
        return setBack
                ? List.of(Item.forced(
                        "journal",
                        "%s is older than %s; its claims are raised to the fences%s"
                                .formatted(names.journal(), names.catalog(), PRICE),
                        this::raiseJournal))
                : List.of();
    }

    /// Sets the journal aside, then makes one.
    private void replaceJournal() {
        // A catalog that is lost too was mended before, or is none of files: then nobody knows the id.
        places.setJournalAside("replaced-" + ids.next());
        raiseJournal();
    }

    /// Makes a journal, or keeps the one that is there; then raises its claims to what the catalog asks for, and makes
    /// the two one another's. A new one has the old one's id, as far as it is known.
    private void raiseJournal() {
        IdSource id = new Pairing(places, ids)
                .notedJournal()
                .<IdSource>map(known -> () -> known)
                .orElse(ids);
        Map<DatasetId, Epoch> fences = places.readDatastore()
                .map(catalog -> {
                    try (catalog) {
                        return catalog.fences();
                    }
                })
                .orElse(Map.of());
        try (SqlJournal made = places.openJournal(id)) {
            made.raiseEpochs(fences);
            new Pairing(places, ids).renew(made);
        }
    }

    private static Map<DatasetId, Epoch> epochs(Opened<JournalReader> journal) {
        return journal.store().map(JournalReader::epochs).orElse(Map.of());
    }

    private static boolean claimed(Map<DatasetId, Epoch> claims) {
        return claims.values().stream().anyMatch(claim -> claim.value() > 0);
    }

    /// The failure a worker would refuse to start with, for those who only ask.
    public Optional<Failure> refusal() {
        return new StoreAgreement(places).trouble();
    }
}
