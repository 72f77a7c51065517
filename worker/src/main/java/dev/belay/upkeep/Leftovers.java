package dev.belay.upkeep;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.datastore.StagedObject;
import dev.belay.datastore.sqlite.CatalogRebuild;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.IdSource;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.journal.Attempt;
import dev.belay.journal.JournalReader;
import dev.belay.stage.Workspace;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong beside whole stores: data that are gone, links that lead elsewhere, and what nobody needs any more.
final class Leftovers {
    private final StorePlaces places;
    private final IdSource ids;

    Leftovers(StorePlaces places, IdSource ids) {
        this.places = places;
        this.ids = ids;
    }

    List<Item> look() {
        try (StorePlaces.Decided decided = places.readDecided(ids)) {
            Optional<JournalReader> journal = decided.journal();
            Optional<DatastoreReader> catalog = places.readDatastore();
            try {
                var items = new ArrayList<Item>();
                if (journal.isPresent() && catalog.isPresent()) {
                    Set<OperationId> open = journal.get().openAttempts().stream()
                            .map(Attempt::operation)
                            .collect(Collectors.toSet());
                    catalog.get().datasets().forEach(state -> items.addAll(dataset(catalog.get(), state)));
                    items.addAll(histories(catalog.get()));
                    items.addAll(staged(catalog.get(), journal.get(), open));
                    items.addAll(unneeded(catalog.get(), decided.stash(), open));
                }
                items.addAll(temporary());
                return items;
            } finally {
                catalog.ifPresent(DatastoreReader::close);
            }
        }
    }

    private List<Item> dataset(DatastoreReader catalog, DatasetState state) {
        var items = new ArrayList<Item>();
        Optional<Integer> restorable = catalog.commits(state.dataset()).stream()
                .skip(1)
                .filter(catalog::isIntact)
                .map(Commit::version)
                .findFirst();
        for (Commit commit : catalog.commits(state.dataset())) {
            boolean head = state.head().filter(commit::equals).isPresent();
            if ((head || catalog.isKept(commit)) && !catalog.isIntact(commit)) {
                items.add(Item.listed(
                        "dataset " + state.dataset(),
                        "the data of version %d%s are missing or not what was published"
                                .formatted(commit.version(), head ? ", which is served," : ""),
                        head
                                ? restorable
                                        .map(version ->
                                                "belay datasets restore %s %d".formatted(state.dataset(), version))
                                        .orElse("belay run FILE --dataset " + state.dataset())
                                : "belay datasets history " + state.dataset()));
            }
        }
        link(catalog, state).ifPresent(items::add);
        return items;
    }

    /// Where data are files, people read them through a link.
    private Optional<Item> link(DatastoreReader catalog, DatasetState state) {
        Optional<Path> served = state.head().flatMap(catalog::file);
        if (served.isEmpty() || leadsTo(served.get().resolveSibling("current.sqlite"), served.get())) {
            return Optional.empty();
        }
        return Optional.of(Item.mended(
                "dataset " + state.dataset(),
                "current.sqlite does not lead to version %d; the link is made anew"
                        .formatted(state.head().orElseThrow().version()),
                () -> expose(state.dataset())));
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.exists(link) && (Files.isSameFile(link, file) || Files.mismatch(link, file) < 0);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void expose(DatasetId dataset) {
        try (Datastore datastore = places.openDatastore(ids)) {
            datastore.expose(dataset);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, places.root()), failed);
        }
    }

    /// Where data are files, a log beside them says once more what the catalog says.
    private List<Item> histories(DatastoreReader catalog) {
        return switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> histories(catalog, folder);
            case StorePlace.Server _ -> List.of();
        };
    }

    private List<Item> histories(DatastoreReader catalog, Path folder) {
        var logs = new CatalogRebuild(folder, new JournalRecord(Optional.empty()));
        var items = new ArrayList<Item>();
        logs.lostEdits(catalog)
                .forEach((dataset, edited) -> items.add(Item.mended(
                        "dictionary of " + dataset,
                        "its last edit is in history.log and not in the catalog; it is made again",
                        () -> edit(dataset, edited))));
        logs.staleLogs(catalog)
                .forEach(dataset -> items.add(Item.mended(
                        "dataset " + dataset,
                        "its history.log does not say what the catalog says; it is written anew",
                        () -> rewrite(folder, dataset))));
        return items;
    }

    private void edit(DatasetId dataset, DictionaryDocument edited) {
        try (Datastore datastore = places.openDatastore(ids)) {
            datastore.editDictionary(dataset, datastore.state(dataset).dictionaryRevision(), edited);
        }
    }

    private void rewrite(Path folder, DatasetId dataset) {
        try (var datastore = SqliteDatastore.open(folder, ids)) {
            datastore.rewriteHistory(dataset);
        }
    }

    private List<Item> staged(DatastoreReader catalog, JournalReader journal, Set<OperationId> open) {
        String kind = switch (places.datastore()) {
            case StorePlace.Folder _ -> "file ";
            case StorePlace.Server _ -> "table ";
        };
        var items = new ArrayList<Item>();
        for (StagedObject object : catalog.stagedObjects()) {
            if (!open.contains(object.operation())) {
                items.add(
                        journal.attempt(object.operation()).isPresent()
                                ? Item.mended(
                                        kind + object.name(),
                                        "its attempt has ended and no version names it; it is removed",
                                        () -> drop(object.dataset(), object.operation()))
                                : Item.listed(
                                        kind + object.name(),
                                        "neither a version nor the journal knows it; it is kept",
                                        "load it as you would any file, or remove it"));
            }
        }
        return items;
    }

    private List<Item> unneeded(DatastoreReader catalog, Stash stash, Set<OperationId> open) {
        var items = new ArrayList<Item>();
        var workspace = new Workspace(places.work());
        workspace.operations().stream()
                .filter(operation -> !open.contains(operation))
                .forEach(operation -> items.add(Item.mended(
                        "workspace " + operation,
                        "its attempt has ended; it is removed",
                        () -> workspace.remove(operation))));
        for (StashReading reading : stash.list()) {
            switch (reading) {
                case StashReading.Held(StashEntry entry) -> {
                    if (!open.contains(entry.operation()) && isServed(catalog.state(entry.dataset()), entry)) {
                        items.add(Item.mended(
                                "stash of " + entry.dataset(),
                                "what it says is served, its attempt has ended; the copy is removed",
                                () -> places.withStash(
                                        ids, changed -> changed.clear(entry.dataset(), entry.operation()))));
                    }
                }
                case StashReading.Corrupt corrupt ->
                    items.add(Item.listed(
                            "stash of " + corrupt.dataset(),
                            "a copy is damaged: " + corrupt.reason(),
                            "belay stash show " + corrupt.dataset()));
            }
        }
        return items;
    }

    private static boolean isServed(DatasetState now, StashEntry entry) {
        return now.presence() == Presence.LIVE && now.incarnation().equals(Optional.of(entry.incarnation()));
    }

    private void drop(DatasetId dataset, OperationId operation) {
        try (Datastore datastore = places.openDatastore(ids)) {
            datastore.dropStaged(dataset, operation);
        }
    }

    /// Files that a killed writer left under names that are only theirs while they are written.
    private List<Item> temporary() {
        var items = new ArrayList<Item>();
        for (Path folder : Stream.concat(
                        Stream.of(places.root(), places.stashFolder()),
                        Stream.of(places.journal(), places.datastore())
                                .filter(StorePlace.Folder.class::isInstance)
                                .map(place -> ((StorePlace.Folder) place).path()))
                .distinct()
                .toList()) {
            for (Path file : temporaryIn(folder)) {
                items.add(Item.mended(
                        "file " + file, "left by a writer that was killed; it is removed", () -> remove(file)));
            }
        }
        return items.stream().distinct().toList();
    }

    private static List<Path> temporaryIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder, 3)) {
            return all.filter(Leftovers::isTemporary).sorted().toList();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, folder), failed);
        }
    }

    private static boolean isTemporary(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".partial")
                || name.startsWith(".probe-")
                || name.startsWith(".belay-stash-probe-")
                || name.startsWith("catalog.db.rebuilt");
    }

    private static void remove(Path file) {
        try {
            DurableFiles.remove(file);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, file), failed);
        }
    }
}
