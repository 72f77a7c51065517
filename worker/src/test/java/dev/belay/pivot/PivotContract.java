package dev.belay.pivot;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.completed;
import static dev.belay.journal.JournalSamples.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Fenced;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.Mode;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.JobState;
import dev.belay.journal.Journal;
import dev.belay.journal.Seized;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every pivot promises. Each implementation runs all of it.
public abstract class PivotContract {
    protected static final List<Column> COLUMNS = columns(ColumnType.INTEGER, ColumnType.TEXT);

    private final List<Commit> worded = new ArrayList<>();
    private int jobs;

    /// The stores and the pivot under test, empty at first, the same ones throughout a test.
    protected abstract Journal journal();

    protected abstract Datastore datastore();

    protected abstract Pivot pivot();

    /// The dataset that is published.
    protected abstract DatasetScript city();

    @BeforeEach
    void everybodyLives() {
        journal().beat(ALPHA, NOW);
        journal().beat(BETA, NOW);
    }

    /// A sealed version, and the claim under which it may be published.
    protected record Confirmed(Claim claim, Publication publication) {}

    /// A job that has come to the pivot, with a table of one row.
    protected final Confirmed confirmed(long value) throws JobFailure, IOException {
        return confirmed(COLUMNS, value);
    }

    protected final Confirmed confirmed(List<Column> columns, long value) throws JobFailure, IOException {
        StagingPlan plan = city().plan(Mode.REPLACE, columns);
        var job = new JobId("job-" + ++jobs);
        journal().admit(delivery(job.value(), "city", jobs, 0, "request"), NOW);
        var claimed = (ClaimResult.Claimed) journal().claim(job, plan.operation(), ALPHA, NOW, NOBODY_IS_DEAD);
        datastore().fence(claimed.claim().dataset(), claimed.claim().epoch());
        var staged = columns.equals(COLUMNS)
                ? city().sealed(plan, row(value, "x"))
                : city().sealed(plan, row(String.valueOf(value), "x"));
        return new Confirmed(claimed.claim(), city().publication(plan, staged));
    }

    /// What ends the attempt, noting what it is asked about.
    protected final Pivot.End end(Confirmed confirmed) {
        return new Pivot.End(
                confirmed.claim(),
                commit -> {
                    worded.add(commit);
                    return completed();
                },
                () -> NOW);
    }

    protected final Pivot.Turn turn(Confirmed confirmed) {
        return pivot().publish(confirmed.publication(), end(confirmed));
    }

    /// Whether an attempt and its job are over, in all that belongs to it.
    protected final boolean hasEnded(Confirmed confirmed) {
        boolean ended = attempt(confirmed).endedAt().isPresent();
        JobState state = journal().job(confirmed.claim().job()).orElseThrow().state();
        assertThat(state).isEqualTo(ended ? JobState.COMPLETED : JobState.OPEN);
        assertThat(journal().announcement(confirmed.claim().job(), 0).isPresent())
                .isEqualTo(ended);
        return ended;
    }

    private Attempt attempt(Confirmed confirmed) {
        return journal().attempt(confirmed.claim().operation()).orElseThrow();
    }

    protected final boolean isPublished(Confirmed confirmed) {
        var id = confirmed.publication().staging().commit();
        boolean published = datastore().commit(id).isPresent();
        assertThat(city().state().head().filter(head -> head.id().equals(id)).isPresent())
                .isEqualTo(published);
        return published;
    }

    /// Nothing of it has happened, and all of it still can.
    protected final void assertNothingOf(Confirmed confirmed) {
        assertThat(isPublished(confirmed)).isFalse();
        assertThat(hasEnded(confirmed)).isFalse();
        assertThat(datastore().staged(confirmed.publication().staging()))
                .isInstanceOf(dev.belay.datastore.StagedReading.Whole.class);
    }

    private static Publication stale(Publication publication) {
        return new Publication(
                publication.staging(),
                publication.manifest(),
                publication.kind(),
                publication.epoch(),
                publication.incarnation(),
                publication.dictionary(),
                publication.dictionaryRevision() + 1,
                publication.provenance(),
                publication.profileJson(),
                publication.publishedAt());
    }

    @Test
    void publishesAndSaysWhetherTheAttemptHasEnded() throws Exception {
        for (long value = 1; value <= 8; value++) {
            Confirmed confirmed = confirmed(value);

            switch (turn(confirmed)) {
                case Pivot.Turn.Ended(Commit commit) -> {
                    assertThat(commit).isEqualTo(city().head());
                    assertThat(worded.getLast()).isEqualTo(commit);
                }
                case Pivot.Turn.Open(PublishResult result) -> {
                    assertThat(result).isEqualTo(new PublishResult.Published(city().head()));
                    assertThat(worded).isEmpty();
                    assertThat(hasEnded(confirmed)).isFalse();
                    journal().end(confirmed.claim(), completed(), NOW);
                }
            }
            assertThat(isPublished(confirmed)).isTrue();
            assertThat(hasEnded(confirmed)).isTrue();
            assertThat(city().rows()).containsExactly(row(value, "x"));
        }
    }

    @Test
    void endsNothingWhereNothingIsPublished() throws Exception {
        Confirmed confirmed = confirmed(1);
        var edited = new Confirmed(confirmed.claim(), stale(confirmed.publication()));

        assertThat(turn(edited)).isEqualTo(new Pivot.Turn.Open(new PublishResult.DictionaryMoved(city().state())));
        assertNothingOf(confirmed);
        assertThat(worded).isEmpty();
        turn(confirmed);
        assertThat(isPublished(confirmed)).isTrue();
    }

    @Test
    void changesNothingOnceTheDatasetIsFencedForAnother() throws Exception {
        Confirmed confirmed = confirmed(1);
        Seized seized =
                journal().seize(confirmed.claim().operation(), BETA, NOW).orElseThrow();
        datastore().fence(seized.claim().dataset(), seized.claim().epoch());

        assertThatExceptionOfType(Fenced.class).isThrownBy(() -> turn(confirmed));

        assertNothingOf(confirmed);
    }

    @Test
    void isDoneByWhoeverHasTakenTheAttemptOver() throws Exception {
        Confirmed confirmed = confirmed(1);
        Claim taken = journal()
                .seize(confirmed.claim().operation(), BETA, NOW)
                .orElseThrow()
                .claim();
        datastore().fence(taken.dataset(), taken.epoch());
        Publication old = confirmed.publication();
        var again = new Publication(
                old.staging(),
                old.manifest(),
                old.kind(),
                taken.epoch(),
                old.incarnation(),
                new DictionaryDocument("{\"version\":1}"),
                old.dictionaryRevision(),
                old.provenance(),
                old.profileJson(),
                old.publishedAt());

        Pivot.Turn turn = turn(new Confirmed(taken, again));

        assertThat(isPublished(confirmed)).isTrue();
        assertThat(hasEnded(confirmed)).isEqualTo(turn instanceof Pivot.Turn.Ended);
    }
}
