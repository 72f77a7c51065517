package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.failingWithin;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Rows J: the journal fails.
final class JournalFaultsTest {
    private static final JobId JOB = new JobId("job-2");

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
        world.send("job-2", LOAD);
    }

    @FaultRow("J1")
    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_FULL", "SQLITE_BUSY", "SQLITE_IOERR_WRITE", "SQLITE_READONLY"})
    void aPlanThatCannotBeWrittenHasNoEffectAndTheJobIsDoneLaterByTheSameWorker(SQLiteErrorCode code) throws Exception {
        var worker = world.live("0");
        world.file("b.csv", "x\n1\n");

        try (var _ = Faults.arm(FaultPoint.JOURNAL_ARM, Side.BEFORE, () -> {
            throw new SQLiteException("injected", code);
        })) {
            assertThat(worker.deliver())
                    .isInstanceOfSatisfying(
                            Handled.Later.class,
                            later -> assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE));
        }

        assertThat(world.head().version()).isEqualTo(1);
        assertThat(world.stores().datastore().stagedObjects()).isEmpty();
        world.send("other", JobMessage.replace("other", JobMessage.Source.url("b.csv")));
        assertThat(worker.drain()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed", "job.completed");
        assertThat(world.stores().journal().job(JOB).orElseThrow().attempts())
                .as("an outage costs no attempt")
                .isEqualTo(1);
        world.assertAtRest();
    }

    @FaultRow("J2")
    @Test
    void aLoadThatIsWholeButNotConfirmedIsNeverPublishedBecauseItLooksComplete() throws Exception {
        try (var _ = failing(FaultPoint.JOURNAL_CONFIRM, Side.BEFORE)) {
            world.live("0").deliver();
        }
        assertThat(world.stores().datastore().stagedObjects())
                .singleElement()
                .satisfies(object -> assertThat(object.name()).endsWith(".sqlite"));

        var next = world.live("0");
        assertThat(next.recover()).isEqualTo(1);

        assertThat(world.head().version()).isEqualTo(1);
        assertThat(world.stores().datastore().stagedObjects()).isEmpty();
        next.drain();
        assertThat(world.recoveries()).singleElement().satisfies(told -> {
            assertThat(told.finding()).isEqualTo("Incomplete");
            assertThat(told.action()).isEqualTo(EventData.Recovered.Action.ROLLED_BACK);
        });
        assertThat(world.head().version()).isEqualTo(2);
        world.assertAtRest();
    }

    @FaultRow({"J3", "E1"})
    @Test
    void anEndThatCannotBeWrittenAfterPublishingIsWrittenByTheNextRecovery() throws Exception {
        try (var _ = failing(FaultPoint.JOURNAL_END, Side.BEFORE)) {
            assertThat(world.live("0").deliver()).isInstanceOf(Handled.Later.class);
        }
        assertEndedByRecovery();
    }

    @FaultRow({"J3", "E1"})
    @Test
    void anEndWhoseCommitFailsIsNotHalfWritten() throws Exception {
        try (var _ = failingWithin(FaultPoint.JOURNAL_END, FaultPoint.DATABASE_COMMIT, Side.BEFORE)) {
            assertThat(world.live("0").deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(world.stores().journal().announcement(JOB, 0)).isEmpty();
        assertEndedByRecovery();
    }

    @FaultRow("J3")
    @Test
    void anEndWhoseWorkerDiesJustAfterItIsToldOnceFromWhatWasWritten() throws Exception {
        killed(FaultPoint.JOURNAL_END, Side.AFTER, world.live("0")::deliver);
        assertThat(world.ends()).isEmpty();

        assertThat(world.live("0").drain()).isEmpty();

        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.recoveries()).as("there was nothing to recover").isEmpty();
        world.assertAtRest();
    }

    private void assertEndedByRecovery() throws Exception {
        assertThat(world.head().version()).isEqualTo(2);
        assertThat(world.ends()).isEmpty();

        var other = world.live("1");
        world.passUntilOwnersAreLost();
        assertThat(other.recover()).isEqualTo(1);
        other.drain();

        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.recoveries()).singleElement().satisfies(told -> {
            assertThat(told.finding()).isEqualTo("VisibleForward");
            assertThat(told.action()).isEqualTo(EventData.Recovered.Action.FINALIZED);
        });
        assertThat(world.commits()).hasSize(2);
        world.assertAtRest();
    }

    @FaultRow("J4")
    @Test
    void openAttemptsThatCannotBeListedAreNeverTakenForNone() throws Exception {
        killed(FaultPoint.PUBLISH_MOVE, Side.BEFORE, world.live("0")::deliver);
        var next = world.live("0");

        try (var _ = failing(FaultPoint.JOURNAL_SCAN, Side.BEFORE)) {
            assertThatThrownBy(next::recover).isInstanceOf(Unavailable.class);
        }
        try (var _ = failing(FaultPoint.JOURNAL_SCAN, Side.BEFORE)) {
            assertThatThrownBy(next::sweep).isInstanceOf(Unavailable.class);
        }
        try (var _ = failing(FaultPoint.JOURNAL_CLAIM, Side.BEFORE)) {
            assertThat(next.deliver())
                    .isInstanceOfSatisfying(
                            Handled.Later.class,
                            later -> assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE));
        }
        assertThat(world.waiting()).as("the offset stays").isEqualTo(1);
        assertThat(world.stores().datastore().stagedObjects()).hasSize(1);

        next.drain();
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("J5")
    @Test
    void aRecoveryThatCannotWriteItsEndPublishesNothingTwiceAndLeavesOneRow() throws Exception {
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        var first = world.live("0");

        try (var _ = failing(FaultPoint.JOURNAL_END, Side.BEFORE)) {
            assertThat(first.recover()).as("it stays open").isZero();
        }
        assertThat(world.commits()).as("but it was published").hasSize(2);
        var commit = world.head().id();

        // The open attempt is this worker's own by now: the job's message, which has not moved, leads to it.
        assertThat(first.drain()).isEmpty();
        assertThat(world.head().id()).isEqualTo(commit);
        assertThat(world.recoveries()).hasSize(1);
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }
}
