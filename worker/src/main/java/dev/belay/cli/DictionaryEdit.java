package dev.belay.cli;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Presence;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import java.time.InstantSource;

/// Edits of a live dictionary: each is made on what is there and put in place only if that is still there; else it is
/// made anew.
final class DictionaryEdit {
    private static final int TRIES = 20;

    private final Settings settings;

    DictionaryEdit(Settings settings) {
        this.settings = settings;
    }

    /// A live dictionary and its revision.
    record Live(DataDictionary dictionary, long revision) {}

    /// What an edit started from and what it made.
    record Edited(DataDictionary before, DataDictionary after) {}

    /// Makes a dictionary from another.
    @FunctionalInterface
    interface Change {
        DataDictionary of(DataDictionary before) throws JobFailure;
    }

    /// The live dictionary of a dataset.
    ///
    /// @throws JobFailure `DATASET_NOT_FOUND` when the dataset has none just now
    static Live live(DatasetState state) throws JobFailure {
        if (state.dictionary().isEmpty()) {
            throw JobFailure.permanent(
                    FailureCode.DATASET_NOT_FOUND,
                    state.presence() == Presence.EMPTIED
                            ? "%s is being loaded in place; its dictionary is in the stash until that is done"
                                    .formatted(state.dataset())
                            : "%s has no dictionary: nothing is served".formatted(state.dataset()));
        }
        return new Live(DataDictionary.parse(state.dictionary().get()), state.dictionaryRevision());
    }

    /// What the change would make, changing nothing.
    Edited tried(String dataset, Change change) throws JobFailure {
        try (StoredFacts facts = StoredFacts.open(settings)) {
            DataDictionary before = live(facts.dataset(dataset)).dictionary();
            return new Edited(before, change.of(before));
        }
    }

    /// Makes the change. Killed half-way it is made or not.
    ///
    /// @throws JobFailure what the change throws, and `HEAD_MOVED` when others kept changing it at the same time
    Edited made(String dataset, Change change) throws JobFailure {
        // First without writing anything, so that a wrong name makes no folder.
        tried(dataset, change);
        DatasetId id = StoredFacts.datasetId(dataset);
        try (Datastore datastore =
                new RoomSettings(settings).places().openDatastore(IdSource.random(InstantSource.system()))) {
            for (int tries = 0; tries < TRIES; tries++) {
                Live live = live(datastore.state(id));
                DataDictionary after = change.of(live.dictionary());
                if (after.equals(live.dictionary())
                        || datastore.editDictionary(id, live.revision(), after.toDocument())) {
                    return new Edited(live.dictionary(), after);
                }
            }
        }
        throw new JobFailure(new Failure.Conflict(
                FailureCode.HEAD_MOVED,
                "the dictionary of %s was changed by others %d times meanwhile".formatted(id, TRIES),
                Place.NONE));
    }
}
