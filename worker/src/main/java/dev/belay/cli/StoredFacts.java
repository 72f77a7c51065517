package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.dictionary.Stash;
import dev.belay.job.DatasetId;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.JournalReader;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import dev.belay.stores.StorePlaces;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the stores of an installation hold, for commands that only look: nothing is made, migrated or written, and what
/// does not exist yet is empty.
final class StoredFacts implements AutoCloseable {
    private static final int CANDIDATES = 4;
    private static final int MOST_NAMED = 40;

    private final StorePlaces places;
    private final StorePlaces.Decided decided;
    private final Optional<DatastoreReader> datastore;

    private StoredFacts(StorePlaces places, StorePlaces.Decided decided, Optional<DatastoreReader> datastore) {
        this.places = places;
        this.decided = decided;
        this.datastore = datastore;
    }

    /// @throws dev.belay.job.Unavailable when a store is there and cannot be read
    static StoredFacts open(Settings settings) {
        StorePlaces places = new RoomSettings(settings).places();
        StorePlaces.Decided decided = places.readDecided(IdSource.random(InstantSource.system()));
        try {
            return new StoredFacts(places, decided, places.readDatastore());
        } catch (RuntimeException failed) {
            decided.close();
            throw failed;
        }
    }

    /// Where it all is.
    StorePlaces places() {
        return places;
    }

    /// Empty when there is none yet.
    Optional<JournalReader> journal() {
        return decided.journal();
    }

    /// Empty when there is none yet.
    Optional<DatastoreReader> datastore() {
        return datastore;
    }

    /// The stash, which is not to be written through this.
    Stash stash() {
        return decided.stash();
    }

    /// The newest jobs first.
    List<JobRecord> jobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit) {
        return journal().map(open -> open.jobs(dataset, state, limit)).orElse(List.of());
    }

    /// The job of an id, or of the only id that begins so.
    ///
    /// @throws JobFailure `JOB_NOT_FOUND`, with the candidates when there are several
    JobRecord job(String idOrBeginning) throws JobFailure {
        return jobIfKnown(idOrBeginning)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.JOB_NOT_FOUND,
                        "the journal in %s knows no job \"%s\""
                                .formatted(places.journal().text(), idOrBeginning)));
    }

    /// The same; empty when no id begins so.
    ///
    /// @throws JobFailure `JOB_NOT_FOUND` with the candidates when there are several
    Optional<JobRecord> jobIfKnown(String idOrBeginning) throws JobFailure {
        JobId id = jobId(idOrBeginning);
        List<JobRecord> found = journal()
                .map(open ->
                        open.job(id).map(List::of).orElseGet(() -> open.jobsBeginningWith(idOrBeginning, CANDIDATES)))
                .orElse(List.of());
        if (found.size() > 1) {
            throw JobFailure.permanent(
                    FailureCode.JOB_NOT_FOUND,
                    "several jobs begin with \"%s\": %s"
                            .formatted(
                                    idOrBeginning,
                                    found.stream().map(job -> job.job().value()).collect(Collectors.joining(", "))));
        }
        return found.stream().findFirst();
    }

    /// @throws JobFailure `JOB_NOT_FOUND` for what no job can be called
    static JobId jobId(String text) throws JobFailure {
        try {
            return new JobId(text);
        } catch (IllegalArgumentException not) {
            throw JobFailure.permanent(FailureCode.JOB_NOT_FOUND, String.valueOf(not.getMessage()));
        }
    }

    /// @throws JobFailure `DATASET_NOT_FOUND` for what no dataset can be called
    static DatasetId datasetId(String text) throws JobFailure {
        try {
            return new DatasetId(text);
        } catch (IllegalArgumentException not) {
            throw JobFailure.permanent(FailureCode.DATASET_NOT_FOUND, String.valueOf(not.getMessage()));
        }
    }

    /// A dataset that was published at least once.
    ///
    /// @throws JobFailure `DATASET_NOT_FOUND`
    DatasetState dataset(String name) throws JobFailure {
        DatasetId dataset = datasetId(name);
        return datastore
                .map(open -> open.state(dataset))
                .filter(state -> state.presence() != Presence.UNKNOWN)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.DATASET_NOT_FOUND,
                        "no dataset \"%s\" was ever published in %s"
                                .formatted(dataset, places.datastore().text())));
    }

    /// What was found in a version's columns.
    ///
    /// @param version null: the one that is served
    /// @throws JobFailure `DATASET_NOT_FOUND`, `VERSION_NOT_FOUND`
    StoredProfile profile(String name, @Nullable Integer version) throws JobFailure {
        DatasetState state = dataset(name);
        Optional<Commit> commit =
                version == null ? state.head() : datastore.flatMap(open -> open.commit(state.dataset(), version));
        return commit.map(StoredProfile::of)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.VERSION_NOT_FOUND,
                        version == null
                                ? "nothing of %s is served just now".formatted(name)
                                : "%s has no version %d".formatted(name, version)));
    }

    /// A column of a profile.
    ///
    /// @throws JobFailure `COLUMN_NOT_FOUND`
    static JsonNode column(StoredProfile profile, String dataset, String column) throws JobFailure {
        return profile.column(column)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.COLUMN_NOT_FOUND,
                        "version %d of %s has no profile of a column \"%s\"; it has %s"
                                .formatted(
                                        profile.commit().version(),
                                        dataset,
                                        Excerpt.of(column),
                                        profile.columns().stream()
                                                .limit(MOST_NAMED)
                                                .map(StoredProfile::name)
                                                .collect(Collectors.joining(", ")))));
    }

    @Override
    public void close() {
        datastore.ifPresent(DatastoreReader::close);
        decided.close();
    }
}
