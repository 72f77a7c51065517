package dev.belay.stores;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.completed;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.datastore.StagedObject;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.ColumnType;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.Incarnation;
import dev.belay.job.JobId;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.journal.Attempt;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.Journal;
import dev.belay.journal.JournalReader;
import dev.belay.journal.Quarantine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What those that only look are told: what the stores say that are open for work, and nothing of what is not there.
abstract class StoreReadersContract {
    private static final DatasetId AIR = new DatasetId("air");
    private final IdSource ids = DatasetScript.ids();

    /// Places where nothing is yet.
    abstract StorePlaces empty() throws Exception;

    /// Whether data of this kind are files.
    abstract boolean hasFiles();

    @Test
    void findsNothingWhereNothingIsAndMakesNothing() throws Exception {
        StorePlaces places = empty();

        for (int time = 1; time <= 2; time++) {
            assertThat(places.readJournal()).isEmpty();
            assertThat(places.readDatastore()).isEmpty();
            try (StorePlaces.Decided decided = places.readDecided(ids)) {
                assertThat(decided.journal()).isEmpty();
                assertThat(decided.stash().list()).isEmpty();
                assertThat(decided.stash().read(AIR)).isEmpty();
            }
        }
    }

    @Test
    void saysOfTheDatastoreWhatItSaysItself() throws Exception {
        StorePlaces places = empty();
        try (Datastore store = places.openDatastore(ids)) {
            var air = new DatasetScript(store, "air", ids);
            store.fence(AIR, new Epoch(3));
            Commit first = air.load(Mode.REPLACE, columns(ColumnType.INTEGER), List.of(), row(1L));
            Commit second = air.load(Mode.REPLACE, columns(ColumnType.INTEGER), List.of(), row(1L), row(2L));
            var left = air.plan(Mode.REPLACE, columns(ColumnType.INTEGER));
            store.stage(left, new ListRows(List.of(row(3L))), Progress.SILENT);
            store.fence(new DatasetId("claimed"), new Epoch(1));

            try (DatastoreReader reader = places.readDatastore().orElseThrow()) {
                assertThat(reader.state(AIR)).isEqualTo(store.state(AIR));
                assertThat(reader.state(new DatasetId("other")).presence()).isEqualTo(Presence.UNKNOWN);
                assertThat(reader.datasets()).isEqualTo(store.datasets());
                assertThat(reader.commits(AIR)).containsExactly(second, first);
                assertThat(reader.commit(AIR, 1)).contains(first);
                assertThat(reader.commit(AIR, 3)).isEmpty();
                assertThat(reader.isIntact(second)).isTrue();
                assertThat(reader.preview(second, 1)).isEqualTo(List.of(row(1L)));
                assertThat(reader.stagedObjects())
                        .extracting(StagedObject::operation)
                        .containsExactly(left.operation());
                assertThat(reader.fences())
                        .isEqualTo(Map.of(AIR, new Epoch(3), new DatasetId("claimed"), new Epoch(1)));
                assertThat(reader.damage()).isEmpty();
                assertThat(reader.file(second).isPresent()).isEqualTo(hasFiles());
                assertThat(reader.view(AIR).isPresent()).isNotEqualTo(hasFiles());
                assertThat(reader.isKept(first)).isTrue();
                store.retire(AIR, 1);
                assertThat(reader.isKept(first)).isFalse();
                assertThat(reader.isKept(second)).isTrue();
            }
        }
    }

    @Test
    void saysOfTheJournalWhatItSaysItself() throws Exception {
        StorePlaces places = empty();
        try (Journal journal = places.openJournal(ids)) {
            journal.beat(ALPHA, NOW);
            journal.beat(BETA, NOW.minusSeconds(100));
            journal.admit(delivery("job-1", "air", 0), NOW);
            var claimed =
                    (ClaimResult.Claimed) journal.claim(new JobId("job-1"), operation(1), ALPHA, NOW, NOBODY_IS_DEAD);
            journal.end(claimed.claim(), completed(), NOW);
            journal.admit(delivery("job-2", "soil", 0), NOW);
            var open =
                    (ClaimResult.Claimed) journal.claim(new JobId("job-2"), operation(2), ALPHA, NOW, NOBODY_IS_DEAD);
            journal.quarantine(open.claim(), "odd", NOW);

            try (JournalReader reader = places.readJournal().orElseThrow()) {
                assertThat(reader.id()).isEqualTo(journal.id());
                assertThat(reader.datastore()).isEmpty();
                assertThat(reader.job(new JobId("job-1"))).isEqualTo(journal.job(new JobId("job-1")));
                assertThat(reader.jobs(10)).isEqualTo(journal.jobs(10)).hasSize(2);
                assertThat(reader.jobs(Optional.of(AIR), Optional.empty(), 10)).hasSize(1);
                assertThat(reader.jobsBeginningWith("job-", 10)).hasSize(2);
                assertThat(reader.attempts(new JobId("job-1"))).isEqualTo(journal.attempts(new JobId("job-1")));
                assertThat(reader.attempt(operation(1))).isEqualTo(journal.attempt(operation(1)));
                assertThat(reader.openAttempts()).extracting(Attempt::operation).containsExactly(operation(2));
                assertThat(reader.announcement(new JobId("job-1"), 0))
                        .isEqualTo(journal.announcement(new JobId("job-1"), 0));
                assertThat(reader.succeeded(AIR)).extracting(Attempt::operation).containsExactly(operation(1));
                assertThat(reader.epochs()).isEqualTo(Map.of(AIR, new Epoch(1), new DatasetId("soil"), new Epoch(1)));
                assertThat(reader.quarantine(new DatasetId("soil")).map(Quarantine::reason))
                        .contains("odd");
                assertThat(reader.badlyAudited()).isEmpty();
                assertThat(reader.attemptCount()).isEqualTo(2);
                assertThat(reader.heardSince(NOW.minusSeconds(1))).containsExactly(ALPHA);
                assertThat(reader.damage()).isEmpty();
                assertThat(reader.isTooNew()).isFalse();
            }
        }
    }

    @Test
    void saysOfTheStashWhatItHolds() throws Exception {
        StorePlaces places = empty();
        var entry = new StashEntry(
                AIR,
                new Incarnation("first"),
                operation(1),
                1,
                new CommitId(operation(9).commitId().value()),
                NOW,
                new DictionaryDocument("{\"fields\":[]}"));
        try (StorePlaces.Deciding deciding = places.openDeciding(ids)) {
            deciding.stash().put(entry);
        }

        try (StorePlaces.Decided decided = places.readDecided(ids)) {
            assertThat(decided.stash().list()).containsExactly(new StashReading.Held(entry));
        }
        boolean cleared = places.withStash(ids, stash -> stash.clear(AIR, operation(1)));
        assertThat(cleared).isTrue();
        try (StorePlaces.Decided decided = places.readDecided(ids)) {
            assertThat(decided.stash().list()).isEmpty();
        }
    }

    @Test
    void findsNoJournalUnderItsNameOnceItIsSetAside() throws Exception {
        StorePlaces places = empty();
        places.setJournalAside("nothing-there");
        String before;
        try (Journal journal = places.openJournal(ids)) {
            before = journal.id();
        }

        places.setJournalAside("replaced-1");

        assertThat(places.readJournal()).isEmpty();
        try (Journal anew = places.openJournal(ids)) {
            assertThat(anew.id()).isNotEqualTo(before);
        }
    }
}
