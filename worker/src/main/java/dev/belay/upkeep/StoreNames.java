package dev.belay.upkeep;

import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;

/// What people call the stores: a file by its name, a part of a database by where that is.
final class StoreNames {
    private final StorePlaces places;

    StoreNames(StorePlaces places) {
        this.places = places;
    }

    String journal() {
        return switch (places.journal()) {
            case StorePlace.Folder _ -> "journal.db";
            case StorePlace.Server server -> "the journal in " + server.text();
        };
    }

    String catalog() {
        return switch (places.datastore()) {
            case StorePlace.Folder _ -> "catalog.db";
            case StorePlace.Server server -> "the catalog in " + server.text();
        };
    }

    String journalInItsPlace() {
        return switch (places.journal()) {
            case StorePlace.Folder folder -> "journal.db in " + folder.text();
            case StorePlace.Server server -> "journal in " + server.text();
        };
    }

    String catalogInItsPlace() {
        return switch (places.datastore()) {
            case StorePlace.Folder folder -> "catalog.db in " + folder.text();
            case StorePlace.Server server -> "catalog in " + server.text();
        };
    }

    String journalAndItsPlace() {
        return switch (places.journal()) {
            case StorePlace.Folder folder -> folder.path().resolve("journal.db").toString();
            case StorePlace.Server _ -> journal();
        };
    }

    String catalogAndItsPlace() {
        return switch (places.datastore()) {
            case StorePlace.Folder folder -> folder.path().resolve("catalog.db").toString();
            case StorePlace.Server _ -> catalog();
        };
    }
}
