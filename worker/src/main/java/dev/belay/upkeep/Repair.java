package dev.belay.upkeep;

import dev.belay.datastore.sqlite.CatalogRebuild;
import dev.belay.datastore.sqlite.SqliteDatastoreReader;
import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.journal.sqlite.SqliteJournalReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private final Places places;
    private final IdSource ids;
    private final InstantSource clock;

    /// @param places where everything is
    /// @param ids    names what is set aside
    /// @param clock  dates the log of repairs
    public Repair(Places places, IdSource ids, InstantSource clock) {
        this.places = places;
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
        Opened<SqliteJournalReader> journal =
                opened(() -> SqliteJournalReader.open(places.journal()), SqliteJournalReader::damage);
        Opened<SqliteDatastoreReader> catalog =
                opened(() -> SqliteDatastoreReader.open(places.datastore()), SqliteDatastoreReader::damage);
        try {
            var items = new ArrayList<Item>();
            items.addAll(catalogItems(journal, catalog));
            items.addAll(journalItems(journal, catalog));
            return items;
        } finally {
            catalog.store().ifPresent(SqliteDatastoreReader::close);
            journal.store().ifPresent(SqliteJournalReader::close);
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

    private List<Item> catalogItems(Opened<SqliteJournalReader> journal, Opened<SqliteDatastoreReader> catalog) {
        var rebuild = new CatalogRebuild(places.datastore(), new JournalRecord(journal.store()));
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
                this::remakeCatalog));
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

    private void remakeCatalog() {
        Opened<SqliteJournalReader> journal =
                opened(() -> SqliteJournalReader.open(places.journal()), SqliteJournalReader::damage);
        try {
            var rebuild = new CatalogRebuild(places.datastore(), new JournalRecord(journal.store()));
            rebuild.replace(rebuild.read(), ids);
        } finally {
            journal.store().ifPresent(SqliteJournalReader::close);
        }
    }

    private List<Item> journalItems(Opened<SqliteJournalReader> journal, Opened<SqliteDatastoreReader> catalog) {
        Map<DatasetId, Epoch> fences =
                catalog.store().map(SqliteDatastoreReader::fences).orElse(Map.of());
        String price = "; jobs it does not know of and that Kafka delivers again run again (an append would load its"
                + " rows twice)";
        if (journal.damage().isPresent()) {
            return List.of(Item.forced(
                    "journal",
                    "journal.db is damaged: %s; an empty one takes its place, the old one is kept%s"
                            .formatted(journal.damage().get(), price),
                    this::remakeJournal));
        }
        if (journal.store().isEmpty()) {
            boolean lost = catalog.damage().isPresent() || claimed(fences);
            return lost
                    ? List.of(Item.forced(
                            "journal", "journal.db is gone; an empty one takes its place" + price, this::remakeJournal))
                    : List.of();
        }
        Map<DatasetId, Epoch> epochs = epochs(journal);
        boolean setBack = fences.entrySet().stream()
                .anyMatch(fence -> fence.getValue().compareTo(epochs.getOrDefault(fence.getKey(), new Epoch(0))) > 0);
        return setBack
                ? List.of(Item.forced(
                        "journal",
                        "journal.db is older than catalog.db; its claims are raised to the fences" + price,
                        this::remakeJournal))
                : List.of();
    }

    /// Sets a damaged journal aside and makes one, or keeps the one that is there; then raises its claims to what the
    /// catalog and the version files ask for. The new one has the old one's id, as far as it is known.
    private void remakeJournal() {
        Opened<SqliteJournalReader> journal =
                opened(() -> SqliteJournalReader.open(places.journal()), SqliteJournalReader::damage);
        journal.store().ifPresent(SqliteJournalReader::close);
        if (journal.damage().isPresent()) {
            String aside = "journal.db.replaced-" + ids.next();
            setAside("journal.db", aside);
        }
        Map<DatasetId, Epoch> fences = SqliteDatastoreReader.open(places.datastore())
                .map(catalog -> {
                    try (catalog) {
                        return catalog.fences();
                    }
                })
                .orElse(Map.of());
        IdSource id = JournalMark.read(places.datastore())
                .<IdSource>map(known -> () -> known)
                .orElse(ids);
        try (SqliteJournal made = SqliteJournal.open(places.journal(), id)) {
            made.raiseEpochs(fences);
        }
    }

    private void setAside(String file, String aside) {
        try {
            // The log first: one left behind would be played into the journal that takes this one's place.
            for (String part : List.of("-wal", "-shm", "")) {
                Path old = places.journal().resolve(file + part);
                if (Files.exists(old)) {
                    DurableFiles.rename(old, places.journal().resolve(aside + part), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            DurableFiles.fsyncFolder(places.journal());
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, places.journal()), failed);
        }
    }

    private static Map<DatasetId, Epoch> epochs(Opened<SqliteJournalReader> journal) {
        return journal.store().map(SqliteJournalReader::epochs).orElse(Map.of());
    }

    private static boolean claimed(Map<DatasetId, Epoch> claims) {
        return claims.values().stream().anyMatch(claim -> claim.value() > 0);
    }

    /// The failure a worker would refuse to start with, for those who only ask.
    public Optional<Failure> refusal() {
        return new StoreAgreement(places).trouble();
    }
}
