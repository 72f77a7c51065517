package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Entry;
import dev.belay.journal.Seized;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where nothing is guessed: one dataset waits for people, the others go on.
final class SetAsideTest {
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));
    private static final JobMessage OTHER = JobMessage.replace("other", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", "code,n\n007,1\n");
    }

    @Test
    void refusesAJobWhileAStashedDictionaryIsCorruptAndGoesOnOnceItIsResolved() {
        rig.run("j1", LOAD);
        stash(new OperationId("01J00000000000000099999999"));
        rig.stash.damage(DATASET, new OperationId("01J00000000000000099999999"));

        rig.run("j2", LOAD);
        rig.run("j3", OTHER);

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed", "job.failed", "job.completed");
        assertThat(rig.log.deadLetters).hasSize(1);
        assertThat(rig.log.of(dev.belay.schemas.Receipt.class).get(1).failure())
                .extracting(dev.belay.schemas.Failure::code)
                .isEqualTo("STASH_CORRUPT");

        rig.stash
                .read(DATASET)
                .forEach(reading -> rig.stash.resolve((dev.belay.dictionary.StashReading.Corrupt) reading));
        rig.run("j4", LOAD);
        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.SKIPPED);
    }

    @Test
    @FaultRow("S2")
    void setsADatasetAsideWhoseStashIsCorruptWhenItIsNeeded() throws Exception {
        rig.run("j1", LOAD);
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        rig.send(
                "j2",
                LOAD.withMode(dev.belay.schemas.Mode.REPLACE, List.of("code"))
                        .withPublish(dev.belay.schemas.PublishStrategy.IN_PLACE));
        var points = CrashPoints.acting(
                "after Datastore.deleteLive",
                () -> rig.stash.damage(
                        DATASET, rig.journal.openAttempts().getFirst().operation()));

        rig.log.events.clear();
        rig.drain(rig.worker(points), points);
        Attempt open = rig.journal.openAttempts().getFirst();
        rig.run("j3", LOAD);
        rig.run("j4", OTHER);

        assertThat(rig.log.terminalTypes()).containsExactly("job.failed", "job.failed", "job.completed");
        assertThat(rig.log.of(dev.belay.schemas.Receipt.class).get(1).failure())
                .extracting(dev.belay.schemas.Failure::message)
                .asString()
                .contains(open.operation().value());
        assertThat(rig.stash.list()).as("every byte is kept").hasSize(1);
    }

    /// Nobody else may have the attempt while the worker lives that has it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theWorkerThatSetADatasetAsideGoesOnOnceItIsReleased(boolean itsOwnAttempt) throws Exception {
        rig.run("j1", LOAD);
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        rig.send(
                "j2",
                LOAD.withMode(dev.belay.schemas.Mode.REPLACE, List.of("code"))
                        .withPublish(dev.belay.schemas.PublishStrategy.IN_PLACE));
        var held = new ArrayList<StashEntry>();
        var points = CrashPoints.acting("after Datastore.deleteLive", () -> {
            rig.stash.read(DATASET).forEach(reading -> held.add(((StashReading.Held) reading).entry()));
            rig.stash.damage(DATASET, rig.journal.openAttempts().getFirst().operation());
            if (!itsOwnAttempt) {
                throw new CrashPoints.Crash("after Datastore.deleteLive");
            }
        });
        Saga first = rig.worker("0", points);
        try {
            rig.drain(first, points);
        } catch (CrashPoints.Crash killed) {
            rig.log.pass(Rig.OWNER_LOST_AFTER.plusSeconds(1));
        }
        Saga sets = itsOwnAttempt ? first : rig.worker("1", CrashPoints.none());
        sets.recover();
        assertThat(rig.journal.quarantine(DATASET)).isPresent();
        assertThat(sets.recover()).as("people have to decide").isZero();

        rig.stash.put(held.getFirst());
        rig.stash.read(DATASET).stream()
                .filter(StashReading.Corrupt.class::isInstance)
                .forEach(reading -> rig.stash.resolve((StashReading.Corrupt) reading));
        rig.journal.release(DATASET);

        assertThat(sets.recover()).isEqualTo(1);
        assertThat(rig.journal.openAttempts()).isEmpty();
        rig.file("a.csv", "code,n\n007,1\n");
        rig.send("j3", LOAD);
        rig.drain(rig.worker("2", CrashPoints.none()), CrashPoints.none());
        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void setsADatasetAsideWhoseDecisionToGoBackCannotBeRead() {
        meetAnUnreadableDecision();

        assertThat(rig.journal.quarantine(DATASET)).isPresent();
        assertThat(rig.log.failure()).isEqualTo("DATASET_QUARANTINED");
        assertThat(rig.datastore.stagedObjects()).hasSize(1);
    }

    @Test
    void sweepsNothingOfADatasetThatIsSetAside() {
        meetAnUnreadableDecision();

        List<Sweep.Finding> findings = rig.worker(CrashPoints.none()).sweep();

        assertThat(findings).allMatch(finding -> !finding.removed());
        assertThat(rig.datastore.stagedObjects()).hasSize(1);
    }

    private void meetAnUnreadableDecision() {
        rig.run("j1", LOAD);
        leaveOpen("before Datastore.publish");
        Attempt open = rig.journal.openAttempts().getFirst();
        Seized seized = rig.journal
                .seize(open.operation(), new dev.belay.job.WorkerId("9", "x"), Instant.EPOCH)
                .orElseThrow();
        rig.journal.record(seized.claim(), List.of(new Entry.RollBack("not json")));
        rig.drain();
    }

    private void leaveOpen(String point) {
        rig.file("a.csv", "code,n\n007,1\n008,2\n");
        rig.send("j2", LOAD);
        var points = CrashPoints.at(point);
        try {
            rig.drain(rig.worker(points), points);
        } catch (CrashPoints.Crash killed) {
            assertThat(rig.journal.openAttempts()).hasSize(1);
        }
    }

    private void stash(OperationId operation) {
        var state = rig.datastore.state(new DatasetId("d"));
        rig.stash.put(new StashEntry(
                DATASET,
                state.incarnation().orElseThrow(),
                operation,
                1,
                state.head().orElseThrow().id(),
                JobLog.START,
                state.dictionary().orElseThrow()));
    }
}
