package dev.belay.datastore;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.provenance;
import static dev.belay.datastore.DatasetScript.row;
import static dev.belay.datastore.DatasetScript.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.Fenced;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every datastore promises: publishing, fencing, history, dictionary. See [StagingContract] for what is staged.
abstract class DatastoreContract {
    static final List<Column> ID_NAME = columns(ColumnType.INTEGER, ColumnType.TEXT);

    // Made before each test; a constructor could fail and take the message with it.
    @SuppressWarnings("NullAway.Init")
    Datastore store;

    @SuppressWarnings("NullAway.Init")
    DatasetScript air;

    abstract Datastore open() throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = open();
        air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    static FailureCode codeOf(ThrowingCallable call) {
        return catchThrowableOfType(JobFailure.class, call).failure().code();
    }

    Commit load(long id, String name) throws JobFailure, IOException {
        return air.load(Mode.REPLACE, ID_NAME, List.of(), row(id, name));
    }

    @Test
    void knowsNothingOfADatasetNeverHeardOf() {
        DatasetState state = store.state(new DatasetId("other"));

        assertThat(state.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(state.incarnation()).isEmpty();
        assertThat(state.head()).isEmpty();
        assertThat(state.dictionary()).isEmpty();
        assertThat(state.dictionaryRevision()).isZero();
        assertThat(state.fence()).isEqualTo(new Epoch(0));
        assertThat(state.nextVersion()).isEqualTo(1);
        assertThat(store.commits(new DatasetId("other"))).isEmpty();
    }

    @Test
    void listsOnlyDatasetsThatWereEverPublishedByName() throws Exception {
        load(1, "x");
        store.fence(new DatasetId("only-claimed"), new Epoch(1));
        var aaa = new DatasetScript(store, "aaa", () -> "02000000000000000000000000");
        store.fence(aaa.dataset(), new Epoch(1));
        aaa.load(Mode.REPLACE, ID_NAME, List.of());

        assertThat(store.datasets())
                .extracting(state -> state.dataset().value())
                .containsExactly("aaa", "air");
    }

    @Test
    void publishesDataDictionaryHeadAndHistoryTogether() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged manifest = air.sealed(plan, row(1L, "x"), row(2L, null));
        Publication publication = air.publication(plan, manifest);

        PublishResult result = store.publish(publication);

        var expected = new Commit(
                plan.commit(),
                plan.dataset(),
                plan.operation(),
                CommitKind.PUBLISH,
                1,
                Optional.empty(),
                2,
                manifest.bytes(),
                ID_NAME,
                publication.provenance(),
                "{}",
                publication.publishedAt());
        assertThat(result).isEqualTo(new PublishResult.Published(expected));
        DatasetState state = air.state();
        assertThat(state.presence()).isEqualTo(Presence.LIVE);
        assertThat(state.head()).contains(expected);
        assertThat(state.dictionary()).contains(publication.dictionary());
        assertThat(state.dictionaryRevision()).isEqualTo(1);
        assertThat(state.incarnation()).contains(publication.incarnation());
        assertThat(state.nextVersion()).isEqualTo(2);
        assertThat(store.commits(air.dataset())).containsExactly(expected);
        assertThat(store.isIntact(expected)).isTrue();
        assertThat(air.rows()).containsExactly(row(1L, "x"), row(2L, null));
        assertThat(store.stagedObjects()).isEmpty();
        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Absent());
    }

    @Test
    void keepsTheHistoryNewestFirstWithItsParents() throws Exception {
        Commit first = load(1, "x");
        Commit second = load(2, "y");

        assertThat(store.commits(air.dataset())).containsExactly(second, first);
        assertThat(store.commit(first.id())).contains(first);
        assertThat(store.commit(air.dataset(), 2)).contains(second);
        assertThat(store.commit(air.dataset(), 3)).isEmpty();
        assertThat(store.commit(new DatasetId("other"), 1)).isEmpty();
        assertThat(store.commit(air.operation().commitId())).isEmpty();
        assertThat(second.parent()).contains(first.id());
        assertThat(second.version()).isEqualTo(2);
        assertThat(store.preview(first, 10)).containsExactly(row(1L, "x"));
    }

    @Test
    void publishesOnceHoweverOftenItIsAsked() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = air.publication(plan, air.sealed(plan, row(1L, "x")));
        PublishResult first = store.publish(publication);

        PublishResult second = store.publish(publication);

        assertThat(second).isEqualTo(first);
        assertThat(store.commits(air.dataset())).hasSize(1);
        assertThat(air.state().dictionaryRevision()).isEqualTo(1);
    }

    @Test
    void refusesAPublicationOfAnEarlierClaim() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = air.publication(plan, air.sealed(plan, row(1L, "x")));
        store.fence(air.dataset(), new Epoch(2));
        DatasetState before = air.state();

        assertThatThrownBy(() -> store.publish(publication)).isInstanceOf(Fenced.class);

        assertThat(air.state()).isEqualTo(before);
        assertThat(store.dropStaged(air.dataset(), plan.operation())).isTrue();
    }

    @Test
    void refusesAPublicationOfAClaimThatNeverReachedTheFence() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = with(air.publication(plan, air.sealed(plan)), new Epoch(9));

        assertThatThrownBy(() -> store.publish(publication)).isInstanceOf(Fenced.class);
    }

    @Test
    void raisesTheFenceButNeverLowersIt() {
        store.fence(air.dataset(), new Epoch(5));
        store.fence(air.dataset(), new Epoch(5));

        assertThatThrownBy(() -> store.fence(air.dataset(), new Epoch(4))).isInstanceOf(Fenced.class);
        assertThat(air.state().fence()).isEqualTo(new Epoch(5));
    }

    @Test
    void refusesAPublicationWhoseBaseIsNotTheHeadAnyMore() throws Exception {
        load(1, "x");
        StagingPlan late = air.plan(Mode.REPLACE, ID_NAME);
        Staged manifest = air.sealed(late, row(2L, "late"));
        Commit winner = load(3, "winner");

        PublishResult result = store.publish(air.publication(late, manifest));

        assertThat(result).isEqualTo(new PublishResult.BaseMoved(Optional.of(winner)));
        assertThat(air.head()).isEqualTo(winner);
        assertThat(store.dropStaged(air.dataset(), late.operation())).isTrue();
        assertThat(store.isIntact(winner)).isTrue();
    }

    @Test
    void refusesAnotherIncarnation() throws Exception {
        load(1, "x");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = with(air.publication(plan, air.sealed(plan)), new Incarnation("another"));

        assertThat(store.publish(publication)).isEqualTo(new PublishResult.IncarnationChanged(air.state()));
    }

    @Test
    void asksToMergeAgainWhenTheDictionaryWasEditedMeanwhile() throws Exception {
        load(1, "x");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged manifest = air.sealed(plan, row(2L, "y"));
        Publication merged = air.publication(plan, manifest);
        assertThat(store.editDictionary(air.dataset(), 1, new DictionaryDocument("curated")))
                .isTrue();

        assertThat(store.publish(merged)).isEqualTo(new PublishResult.DictionaryMoved(air.state()));
        assertThat(store.publish(air.publication(plan, manifest))).isInstanceOf(PublishResult.Published.class);
    }

    @Test
    void neverLetsAnOlderReplaceTakeTheHead() throws Exception {
        Commit newer = load(1, "newer");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = air.publication(plan, air.sealed(plan, row(2L, "older")));

        PublishResult result = store.publish(with(publication, CommitKind.PUBLISH, provenance(Mode.REPLACE, 1)));

        assertThat(result).isEqualTo(new PublishResult.Superseded(newer));
        assertThat(air.head()).isEqualTo(newer);
    }

    @Test
    void letsAnOlderAppendAndARollbackThrough() throws Exception {
        load(1, "x");
        StagingPlan append = air.plan(Mode.APPEND, ID_NAME);
        Publication late = air.publication(append, air.sealed(append, row(2L, "y")));
        assertThat(store.publish(with(late, CommitKind.PUBLISH, provenance(Mode.APPEND, 1))))
                .isInstanceOf(PublishResult.Published.class);

        StagingPlan rollback = air.plan(Mode.REPLACE, ID_NAME);
        Publication restored = air.publication(rollback, air.sealed(rollback));
        assertThat(store.publish(with(restored, CommitKind.ROLLBACK, provenance(Mode.REPLACE, 0))))
                .isInstanceOf(PublishResult.Published.class);
        assertThat(air.head().kind()).isEqualTo(CommitKind.ROLLBACK);
        assertThat(air.rows()).isEmpty();
    }

    @Test
    void refusesToPublishWhatWasNotSealed() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged manifest = store.stage(plan, new ListRows(List.of(row(1L, "x"))), Progress.SILENT);
        Publication publication = air.publication(plan, manifest);

        assertThatThrownBy(() -> store.publish(publication)).isInstanceOf(IllegalStateException.class);
        assertThat(air.state().head()).isEmpty();
    }

    @Test
    void editsTheDictionaryOnlyAtItsExpectedRevision() throws Exception {
        assertThat(store.editDictionary(air.dataset(), 0, new DictionaryDocument("none yet")))
                .isFalse();
        load(1, "x");

        assertThat(store.editDictionary(air.dataset(), 1, new DictionaryDocument("first")))
                .isTrue();
        assertThat(store.editDictionary(air.dataset(), 1, new DictionaryDocument("second")))
                .isFalse();
        assertThat(air.state().dictionary()).contains(new DictionaryDocument("first"));
        assertThat(air.state().dictionaryRevision()).isEqualTo(2);
        assertThat(air.state().nextVersion()).isEqualTo(2);
    }

    @Test
    void deletesLiveTableAndDictionaryButNotTheHistory() throws Exception {
        Commit base = load(1, "x");
        OperationId operation = air.operation();

        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        operation,
                        base.id(),
                        air.state().dictionaryRevision()))
                .isTrue();
        DatasetState emptied = air.state();
        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        operation,
                        base.id(),
                        air.state().dictionaryRevision()))
                .isTrue();

        assertThat(air.state()).isEqualTo(emptied);
        assertThat(emptied.presence()).isEqualTo(Presence.EMPTIED);
        assertThat(emptied.emptiedBy()).contains(operation);
        assertThat(emptied.head()).isEmpty();
        assertThat(emptied.dictionary()).isEmpty();
        assertThat(emptied.incarnation()).contains(new Incarnation("first"));
        assertThat(store.commits(air.dataset())).containsExactly(base);
        assertThat(store.isIntact(base)).isFalse();
        assertThat(store.file(base)).isEmpty();
        assertThat(store.datasets()).containsExactly(emptied);
    }

    @Test
    void publishesOnABaseThatItsOwnOperationDeleted() throws Exception {
        Commit base = load(1, "x");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = air.publication(plan, air.sealed(plan, row(2L, "y")));
        store.deleteLive(
                air.dataset(),
                new Epoch(1),
                plan.operation(),
                base.id(),
                air.state().dictionaryRevision());

        PublishResult result = store.publish(publication);

        assertThat(result).isInstanceOf(PublishResult.Published.class);
        assertThat(air.state().presence()).isEqualTo(Presence.LIVE);
        assertThat(air.state().emptiedBy()).isEmpty();
        assertThat(air.head().parent()).contains(base.id());
    }

    @Test
    void refusesABaseThatAnotherOperationDeleted() throws Exception {
        Commit base = load(1, "x");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Publication publication = air.publication(plan, air.sealed(plan, row(2L, "y")));
        store.deleteLive(
                air.dataset(),
                new Epoch(1),
                air.operation(),
                base.id(),
                air.state().dictionaryRevision());

        assertThat(store.publish(publication)).isEqualTo(new PublishResult.BaseMoved(Optional.empty()));
    }

    @Test
    void deletesNothingWhenTheHeadIsAnotherOrTheClaimIsOver() throws Exception {
        Commit first = load(1, "x");
        Commit second = load(2, "y");
        DatasetState before = air.state();

        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        air.operation(),
                        first.id(),
                        air.state().dictionaryRevision()))
                .isFalse();
        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        air.operation(),
                        null,
                        air.state().dictionaryRevision()))
                .isFalse();
        assertThatThrownBy(() -> store.deleteLive(
                        air.dataset(),
                        new Epoch(7),
                        air.operation(),
                        second.id(),
                        air.state().dictionaryRevision()))
                .isInstanceOf(Fenced.class);

        assertThat(air.state()).isEqualTo(before);
        assertThat(store.isIntact(second)).isTrue();
    }

    @Test
    void deletesNothingWhenTheDictionaryWasEditedSinceItWasCopied() throws Exception {
        Commit head = load(1, "x");
        OperationId operation = air.operation();
        long copied = air.state().dictionaryRevision();
        assertThat(store.editDictionary(air.dataset(), copied, new DictionaryDocument("edited")))
                .isTrue();

        assertThat(store.deleteLive(air.dataset(), new Epoch(1), operation, head.id(), copied))
                .isFalse();

        assertThat(air.state().presence()).isEqualTo(Presence.LIVE);
        assertThat(air.state().dictionary()).contains(new DictionaryDocument("edited"));
        assertThat(store.isIntact(head)).isTrue();
    }

    @Test
    void hasNothingToDeleteWhereNothingIsPublished() throws Exception {
        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        air.operation(),
                        null,
                        air.state().dictionaryRevision()))
                .isTrue();
        assertThat(air.state().presence()).isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void retiresDataOfOldVersionsAndKeepsTheirHistory() throws Exception {
        List<Commit> commits = new ArrayList<>();
        for (long at = 1; at <= 4; at++) {
            commits.add(load(at, "x"));
        }

        assertThat(store.retire(air.dataset(), 2)).isEqualTo(2);
        assertThat(store.retire(air.dataset(), 2)).isZero();

        assertThat(commits).extracting(store::isIntact).containsExactly(false, false, true, true);
        assertThat(store.commits(air.dataset())).hasSize(4);
        assertThatThrownBy(() -> store.retire(air.dataset(), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void publishesAnEarlierVersionAgain() throws Exception {
        Commit first = air.load(Mode.REPLACE, ID_NAME, List.of(), row(1L, "x"), row(2L, "y"));
        load(3, "z");
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);

        Staged copy = store.stageCopy(plan, first);
        PublishResult result = store.publish(air.publication(plan, store.seal(plan, copy)));

        assertThat(copy.rows()).isEqualTo(2);
        assertThat(copy.loaded()).isEqualTo(2);
        assertThat(result).isInstanceOf(PublishResult.Published.class);
        assertThat(air.rows()).containsExactly(row(1L, "x"), row(2L, "y"));
        assertThat(store.isIntact(air.head())).isTrue();
        assertThat(store.isIntact(first)).isTrue();
    }

    @Test
    void cannotPublishAVersionAgainThatIsNotKept() throws Exception {
        Commit first = load(1, "x");
        load(2, "y");
        store.retire(air.dataset(), 1);
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);

        assertThat(codeOf(() -> store.stageCopy(plan, first))).isEqualTo(FailureCode.VERSION_NOT_FOUND);
        assertThat(store.stagedObjects()).isEmpty();
    }

    @Test
    void exposesTheHeadAsOftenAsItIsAsked() throws Exception {
        store.expose(air.dataset());
        load(1, "x");
        store.expose(air.dataset());
        store.expose(air.dataset());

        assertThat(air.rows()).hasSize(1);
    }

    @Test
    void showsTheFirstRowsInFileOrder() throws Exception {
        Commit commit = air.load(Mode.REPLACE, ID_NAME, List.of(), row(3L, "c"), row(1L, "a"), row(2L, "b"));

        assertThat(store.preview(commit, 2)).containsExactly(row(3L, "c"), row(1L, "a"));
        assertThat(store.preview(commit, 0)).isEmpty();
        assertThatThrownBy(() -> store.preview(commit, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
