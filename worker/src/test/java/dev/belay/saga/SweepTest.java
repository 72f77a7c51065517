package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.Commit;
import dev.belay.dictionary.StashEntry;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is swept and what is kept.
final class SweepTest {
    private static final OperationId NOBODY = new OperationId("01J00000000000000099999999");
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path made) {
        folder = made.resolve("work");
        rig = new Rig(made);
        rig.file("a.csv", "code,n\n007,1\n008,2\n");
        rig.run("j1", LOAD);
    }

    @Test
    void findsNothingWhereAllWasTidiedUp() {
        assertThat(rig.worker(CrashPoints.none()).sweep()).isEmpty();
    }

    @Test
    void removesFilesAndCopiesOfAttemptsThatAreOver() throws Exception {
        Files.createDirectories(folder.resolve(NOBODY.value()));
        Files.writeString(folder.resolve(NOBODY.value()).resolve("source"), "late");
        stash(rig.datastore.state(DATASET).incarnation().orElseThrow());

        List<Sweep.Finding> findings = rig.worker(CrashPoints.none()).sweep();

        assertThat(findings).hasSize(2).allMatch(Sweep.Finding::removed);
        assertThat(rig.workspace.operations()).isEmpty();
        assertThat(rig.stash.list()).isEmpty();
    }

    @Test
    void leavesForeignFoldersAlone() throws Exception {
        Files.createDirectories(folder.resolve("mine"));

        assertThat(rig.worker(CrashPoints.none()).sweep()).isEmpty();
        assertThat(folder.resolve("mine")).exists();
    }

    @Test
    void keepsEverythingOfAnOpenAttempt() {
        leaveOpen("after Datastore.stage", LOAD);

        List<Sweep.Finding> findings = rig.worker("other", CrashPoints.none()).sweep();

        assertThat(findings).hasSize(3).allMatch(finding -> finding.why().equals("its attempt is open"));
        assertThat(rig.datastore.stagedObjects()).hasSize(1);
    }

    @Test
    void keepsACopyWhileThereIsNoLiveDictionary() {
        leaveOpen("after Datastore.deleteLive", LOAD.withPublish(PublishStrategy.IN_PLACE));
        stash(rig.datastore.state(DATASET).incarnation().orElseThrow());

        rig.worker("other", CrashPoints.none()).sweep();

        assertThat(rig.stash.list()).hasSize(2);
    }

    @Test
    @FaultRow("S4")
    void keepsACopyOfAnEarlierDatasetOfTheSameName() {
        stash(new Incarnation("earlier"));

        assertThat(rig.worker(CrashPoints.none()).sweep())
                .singleElement()
                .extracting(Sweep.Finding::why)
                .isEqualTo("it belongs to an earlier dataset of this name");
        assertThat(rig.stash.list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before Journal.openAttempts", "after Journal.openAttempts"})
    @FaultRow("M2")
    void keepsWhatAnAttemptMakesThatBeginsWhileItSweeps(String point) {
        rig.file("a.csv", "code,n\n1,1\n");
        rig.send("j2", LOAD);
        var points = CrashPoints.acting(point, () -> {
            var deadly = CrashPoints.at("before Datastore.publish");
            try {
                rig.drain(rig.worker("other", deadly), deadly);
            } catch (CrashPoints.Crash killed) {
                assertThat(rig.datastore.stagedObjects()).hasSize(1);
            }
        });

        rig.worker(points).sweep();

        assertThat(rig.datastore.stagedObjects()).hasSize(1);
        assertThat(rig.workspace.operations()).hasSize(1);
    }

    @Test
    void putsAwayWhatAWorkerHadNoTimeForThatDiedWhenItsAttemptHadEnded(@TempDir Path made) {
        rig = new Rig(made, Rig.Together.IN_ONE_STEP);
        for (int version = 1; version <= 3; version++) {
            rig.file("a.csv", "code,n\n007,%d\n".formatted(version));
            rig.run("j" + version, LOAD);
        }
        rig.file("a.csv", "code,n\n007,4\n");
        rig.send("j4", LOAD);
        var deadly = CrashPoints.at("after Pivot.publish");
        assertThatThrownBy(() -> rig.drain(rig.worker(deadly), deadly)).isInstanceOf(CrashPoints.Crash.class);
        assertThat(rig.journal.openAttempts()).isEmpty();
        assertThat(kept()).containsExactly(4, 3, 2, 1);

        List<Sweep.Finding> findings = rig.worker(CrashPoints.none()).sweep();

        assertThat(findings).hasSize(2).allMatch(Sweep.Finding::removed);
        assertThat(kept()).containsExactly(4, 3, 2);
        assertThat(rig.stash.list()).isEmpty();
        assertThat(rig.workspace.operations()).isEmpty();
        rig.drain();
        assertThat(rig.log.terminalTypes()).hasSize(4).containsOnly("job.completed");
    }

    private List<Integer> kept() {
        return rig.datastore.commits(DATASET).stream()
                .filter(rig.datastore::isIntact)
                .map(Commit::version)
                .toList();
    }

    @Test
    @FaultRow("M3")
    void removesNothingWhenItCannotBeReadWhichAttemptsAreOpen() throws Exception {
        Files.createDirectories(folder.resolve(NOBODY.value()));
        // Before and after stagedObjects, stash.list, then openAttempts.
        var points = CrashPoints.outageAt(4);
        Saga worker = rig.worker(points);

        assertThatThrownBy(worker::sweep).isInstanceOf(Unavailable.class);
        assertThat(points.names().getLast()).isEqualTo("before Journal.openAttempts");
        assertThat(rig.workspace.operations()).containsExactly(NOBODY);
    }

    @Test
    @FaultRow("M4")
    void goesOnWithTheOthersWhenOneCannotBeRemoved() throws Exception {
        leaveOpen("after Datastore.stage", LOAD);
        OperationId open = rig.journal.openAttempts().getFirst().operation();
        rig.drain();
        Files.createDirectories(folder.resolve(open.value()));
        stash(rig.datastore.state(DATASET).incarnation().orElseThrow());
        var points = CrashPoints.acting("before Stash.clear", () -> {
            throw new Unavailable(
                    new dev.belay.job.Failure.Transient(
                            dev.belay.job.FailureCode.STORE_UNAVAILABLE, "not now", dev.belay.job.Place.NONE),
                    new java.io.IOException("not now"));
        });

        List<Sweep.Finding> findings = rig.worker(points).sweep();

        assertThat(findings)
                .hasSize(2)
                .filteredOn(finding -> !finding.removed())
                .hasSize(1);
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void tellsWhatItRemovedWhenTheLinksCannotBeLookedAfter() throws Exception {
        Files.createDirectories(folder.resolve(NOBODY.value()));
        var points = CrashPoints.acting("before Datastore.datasets", () -> {
            throw new Unavailable(
                    new dev.belay.job.Failure.Transient(
                            dev.belay.job.FailureCode.STORE_UNAVAILABLE, "not now", dev.belay.job.Place.NONE),
                    new java.io.IOException("not now"));
        });

        List<Sweep.Finding> findings = rig.worker(points).sweep();

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.removed()).isTrue());
    }

    private void leaveOpen(String point, JobMessage message) {
        rig.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
        rig.send("j2", message);
        var points = CrashPoints.at(point);
        try {
            rig.drain(rig.worker(points), points);
        } catch (CrashPoints.Crash killed) {
            assertThat(rig.journal.openAttempts()).hasSize(1);
        }
    }

    private void stash(Incarnation incarnation) {
        var head = rig.datastore.commits(DATASET).getFirst();
        rig.stash.put(new StashEntry(
                DATASET,
                incarnation,
                NOBODY,
                1,
                head.id(),
                JobLog.START,
                new dev.belay.job.DictionaryDocument("{\"fields\":[]}")));
    }
}
