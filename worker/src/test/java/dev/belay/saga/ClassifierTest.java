package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.CommitId;
import dev.belay.job.Incarnation;
import dev.belay.job.Sha256;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.Entry;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import dev.belay.stage.Arm;
import dev.belay.stage.Plan;
import dev.belay.stage.Publish;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One test for each case of the protocol's table. The attempts are left open by real workers that were killed.
final class ClassifierTest {
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", "code,n\n007,1\n008,2\n");
        rig.run("j1", LOAD);
    }

    @Test
    void seesAVersionInTheHistoryAsCompleted() throws Exception {
        Attempt open = killedAt("after Datastore.publish");

        assertThat(classified(open))
                .isInstanceOfSatisfying(
                        Case.VisibleForward.class,
                        found -> assertThat(found.commit().id())
                                .isEqualTo(open.operation().commitId()));
    }

    @Test
    void seesACompensatedStateInTheHistoryAsRolledBack() throws Exception {
        Attempt open = failedInPlace("after Datastore.publish");

        assertThat(classified(open)).isInstanceOf(Case.VisibleRollback.class);
    }

    @Test
    void judgesNothingWhereAVersionAndItsRollbackAreBothVisible() throws Exception {
        Attempt open = killedAt("after Datastore.publish");
        publishUnder(open, open.operation().rollbackId());

        assertThat(classified(open)).isInstanceOf(Case.BothVisible.class);
    }

    @Test
    void judgesNothingWhereAVersionIsVisibleThatNobodyPlanned() throws Exception {
        Attempt open = killedAt("after Datastore.publish");

        assertThat(changed(open, effects -> effects.subList(0, 3))).isInstanceOf(Case.Unverifiable.class);
    }

    @Test
    @FaultRow("R6")
    void seesThatTheDatasetIsGone() throws Exception {
        Attempt open = killedAt("before Datastore.publish");
        rig.datastore.drop(DATASET);

        assertThat(classified(open)).isInstanceOf(Case.DatasetGone.class);
    }

    @Test
    void goesOnWithTheFirstVersionAfterADrop() throws Exception {
        rig.datastore.drop(DATASET);
        Attempt open = killedAt("before Datastore.publish");

        assertThat(classified(open)).isInstanceOf(Case.ConfirmedBaseUnchanged.class);
    }

    @Test
    void seesThatTheDatasetWasMadeAgain() throws Exception {
        Attempt open = killedAt("before Datastore.publish");

        Case found = changed(
                open,
                effects -> effects.stream()
                        .map(ClassifierTest::ofAnotherIncarnation)
                        .toList());

        assertThat(found).isInstanceOf(Case.IncarnationChanged.class);
    }

    @Test
    void seesNoEffectBeforeThePlanIsWritten() throws Exception {
        assertThat(classified(killedAt("after Stash.put"))).isInstanceOf(Case.NoEffect.class);
    }

    @Test
    void goesForwardWhenAllIsDoneAndTheHeadIsTheBase() throws Exception {
        assertThat(classified(killedAt("before Datastore.publish"))).isInstanceOf(Case.ConfirmedBaseUnchanged.class);
    }

    @Test
    void goesForwardWhenItHasEmptiedTheDatasetItself() throws Exception {
        Attempt open = killedAt("before Datastore.publish", LOAD.withPublish(PublishStrategy.IN_PLACE));

        assertThat(rig.datastore.state(DATASET).head()).isEmpty();
        assertThat(classified(open)).isInstanceOf(Case.ConfirmedBaseUnchanged.class);
    }

    @Test
    @FaultRow("P4")
    void goesBackWhenTheHeadHasMoved() throws Exception {
        Attempt open = killedAt("before Datastore.publish");
        publishUnder(open, new CommitId("01J00000000000000099999999-c"));

        assertThat(classified(open)).isInstanceOf(Case.ConfirmedBaseMoved.class);
    }

    @Test
    void goesBackWhenNotAllIsDone() throws Exception {
        assertThat(classified(killedAt("after Datastore.stage"))).isInstanceOf(Case.Incomplete.class);
    }

    @Test
    void goesBackWhenTheDecisionToGoBackIsWritten() throws Exception {
        assertThat(classified(failedInPlace("before Datastore.publish"))).isInstanceOf(Case.Incomplete.class);
    }

    @Test
    void goesBackWhenAllWasDoneBeforeTheDecisionToGoBackWasWritten() throws Exception {
        Attempt confirmed = killedAt("before Datastore.publish");
        Claim claim = rig.journal
                .seize(confirmed.operation(), confirmed.owner(), rig.log.now())
                .orElseThrow()
                .claim();
        rig.journal.record(claim, List.of(new Entry.RollBack("{}")));

        assertThat(classified(rig.journal.openAttempts().getFirst())).isInstanceOf(Case.Incomplete.class);
    }

    @Test
    void goesBackWhenWhatWasStagedIsLost() throws Exception {
        Attempt open = killedAt("before Datastore.publish");
        rig.datastore.dropStaged(DATASET, open.operation());

        assertThat(classified(open)).isInstanceOf(Case.Incomplete.class);
    }

    @Test
    void judgesNothingWhenWhatIsStagedIsNotWhatWasConfirmed() throws Exception {
        Attempt open = killedAt("before Datastore.publish");

        Case found = changed(
                open,
                effects -> effects.stream().map(ClassifierTest::ofAnotherDigest).toList());

        assertThat(found).isInstanceOf(Case.Unverifiable.class);
    }

    @Test
    void judgesNothingWhereSomethingForeignStandsUnderTheName() throws Exception {
        Attempt open = killedAt("after Datastore.stage");
        var foreign = new StagedReading.Foreign("another's");

        Case found = new Classifier(Answering.staged(rig.datastore, foreign)).classify(open, Journaled.effects(open));

        assertThat(found).isEqualTo(new Case.Unverifiable("another's"));
    }

    private Attempt killedAt(String point) {
        return killedAt(point, LOAD);
    }

    private Attempt killedAt(String point, JobMessage message) {
        rig.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
        rig.send("j2", message);
        var points = CrashPoints.at(point);
        try {
            rig.drain(rig.worker(points), points);
        } catch (CrashPoints.Crash killed) {
            return rig.journal.openAttempts().getFirst();
        }
        throw new AssertionError("never came to " + point);
    }

    /// Killed while it goes back: the publication is that of the compensated state.
    private Attempt failedInPlace(String point) {
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        rig.send("j2", LOAD.withMode(Mode.REPLACE, List.of("code")).withPublish(PublishStrategy.IN_PLACE));
        var points = CrashPoints.at(point);
        try {
            rig.drain(rig.worker(points), points);
        } catch (CrashPoints.Crash killed) {
            return rig.journal.openAttempts().getFirst();
        }
        throw new AssertionError("never came to " + point);
    }

    private Case classified(Attempt open) throws Exception {
        return new Classifier(rig.datastore).classify(open, Journaled.effects(open));
    }

    private Case changed(Attempt open, UnaryOperator<List<PlannedEffect>> change) throws Exception {
        return new Classifier(rig.datastore).classify(open, change.apply(Journaled.effects(open)));
    }

    /// Publishes an empty table under some other id.
    private void publishUnder(Attempt open, CommitId commit) throws Exception {
        Publish.Plan mine = Journaled.effects(open).stream()
                .map(PlannedEffect::plan)
                .filter(Publish.Plan.class::isInstance)
                .map(Publish.Plan.class::cast)
                .findFirst()
                .orElseThrow();
        DatasetState now = rig.datastore.state(DATASET);
        StagingPlan planned = mine.publication().staging();
        var plan = new StagingPlan(
                DATASET,
                planned.operation(),
                commit,
                now.nextVersion(),
                dev.belay.job.Mode.REPLACE,
                now.head(),
                now.head().orElseThrow().columns(),
                List.of(0, 1),
                List.of());
        Staged staged = rig.datastore.stageCopy(plan, now.head().orElseThrow());
        Publication other = mine.publication();
        PublishResult result = rig.datastore.publish(new Publication(
                plan,
                rig.datastore.seal(plan, staged),
                other.kind(),
                now.fence(),
                other.incarnation(),
                other.dictionary(),
                now.dictionaryRevision(),
                other.provenance(),
                other.profileJson(),
                other.publishedAt()));
        assertThat(result).isInstanceOf(PublishResult.Published.class);
    }

    private static PlannedEffect ofAnotherIncarnation(PlannedEffect effect) {
        Plan plan = effect.plan() instanceof Arm.Plan arm
                ? new Arm.Plan(arm.base(), new Incarnation("another"), false, arm.dictionary(), arm.effects())
                : effect.plan();
        return new PlannedEffect(effect.ordinal(), plan, Optional.empty());
    }

    private static PlannedEffect ofAnotherDigest(PlannedEffect effect) {
        if (!(effect.plan() instanceof Publish.Plan(Publication publication, var findings))) {
            return effect;
        }
        Staged sealed = publication.manifest();
        var other = new Staged(
                sealed.rows(), sealed.loaded(), sealed.deduplicated(), sealed.bytes(), Sha256.of(new byte[] {1}));
        var changed = new Publication(
                publication.staging(),
                other,
                publication.kind(),
                publication.epoch(),
                publication.incarnation(),
                publication.dictionary(),
                publication.dictionaryRevision(),
                publication.provenance(),
                publication.profileJson(),
                publication.publishedAt());
        return new PlannedEffect(effect.ordinal(), new Publish.Plan(changed, findings), Optional.empty());
    }
}
