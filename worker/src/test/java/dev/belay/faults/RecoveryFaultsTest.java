package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.DATASET;
import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.kit.Injections;
import dev.belay.kit.Stalled;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows R: two look at an attempt, or it moves while it is looked at.
final class RecoveryFaultsTest {
    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
    }

    @FaultRow("R1")
    @ParameterizedTest
    @CsvSource({"JOURNAL_CONFIRM, SWAP", "LIVE_DELETE, IN_PLACE", "PUBLISH_COMMIT, SWAP"})
    void twoWorkersThatRecoverTheSameAttemptAtOnceConverge(FaultPoint diedAfter, PublishStrategy strategy)
            throws Exception {
        world.send("job-2", LOAD.withPublish(strategy));
        killed(diedAfter, Side.AFTER, world.live("0")::deliver);
        world.passUntilOwnersAreLost();
        var one = world.live("1");
        var other = world.live("2");

        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.JOURNAL_SEIZE, Side.BEFORE);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> first = threads.submit((Callable<Integer>) one::recover);
            Future<Integer> second = threads.submit((Callable<Integer>) other::recover);
            assertThat(first.get(60, TimeUnit.SECONDS) + second.get(60, TimeUnit.SECONDS))
                    .isLessThanOrEqualTo(1);
        }
        other.drain();

        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("R1")
    @Test
    void aRecovererThatIsOvertakenChangesNothing() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        world.passUntilOwnersAreLost();
        var slow = world.live("1");
        try (var stalled = new Stalled<>(
                () -> new Handled.Drop(Integer.toString(slow.recover())), FaultPoint.RECOVERY_ACT, Side.BEFORE)) {
            world.passUntilOwnersAreLost();
            var quick = world.live("2");
            assertThat(quick.recover()).isEqualTo(1);

            assertThat(stalled.end()).isEqualTo(new Handled.Drop("0"));
            quick.drain();
        }
        assertThat(world.recoveries()).hasSize(1);
        world.assertAtRest();
    }

    /// Nobody else may have it while the one that took it over lives.
    @FaultRow("R1")
    @Test
    void aRecovererThatAnOutageStopsGoesOnWhenItLooksAgain() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        world.passUntilOwnersAreLost();
        var recoverer = world.live("1");
        try (var _ = failing(FaultPoint.RECOVERY_ACT, Side.BEFORE)) {
            assertThat(recoverer.recover()).isZero();
        }
        var other = world.live("2");
        assertThat(other.recover()).isZero();

        assertThat(recoverer.recover()).isEqualTo(1);
        other.drain();

        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("R2")
    @Test
    void theAttemptOfALivingOwnerIsNotStolen() throws Exception {
        world.send("job-2", LOAD);
        var owner = world.live("0");
        try (var busy = new Stalled<>(owner::handle, FaultPoint.STAGE_ADOPT, Side.BEFORE)) {
            world.passUntilOwnersAreLost();
            owner.beat();
            var other = world.live("1");

            assertThat(other.recover()).isZero();
            assertThat(other.sweep()).allMatch(finding -> !finding.removed());

            assertThat(busy.end()).isInstanceOf(Handled.Announce.class);
            other.drain();
        }
        assertThat(world.recoveries()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    /// What an owner that was taken for dead does between the listing of open attempts and the claim on its own.
    enum Meanwhile {
        ARMS(FaultPoint.JOURNAL_ARM, FaultPoint.STAGE_ADOPT, "Incomplete", EventData.Recovered.Action.ROLLED_BACK),
        CONFIRMS(
                FaultPoint.STAGE_SEAL,
                FaultPoint.PUBLISH_MOVE,
                "ConfirmedBaseUnchanged",
                EventData.Recovered.Action.ROLLED_FORWARD),
        PUBLISHES(
                FaultPoint.PUBLISH_MOVE,
                FaultPoint.JOURNAL_END,
                "VisibleForward",
                EventData.Recovered.Action.FINALIZED);

        final FaultPoint from;
        final FaultPoint to;
        final String finding;
        final EventData.Recovered.Action action;

        Meanwhile(FaultPoint from, FaultPoint to, String finding, EventData.Recovered.Action action) {
            this.from = from;
            this.to = to;
            this.finding = finding;
            this.action = action;
        }
    }

    @FaultRow({"R3", "R5"})
    @ParameterizedTest
    @EnumSource
    void whatAnOwnerDoesBetweenTheListingAndTheClaimIsSeenUnderTheClaim(Meanwhile meanwhile) throws Exception {
        world.send("job-2", LOAD);
        try (var owner = new Stalled<>(world.live("0")::handle, meanwhile.from, Side.BEFORE)) {
            world.passUntilOwnersAreLost();
            var recoverer = world.live("1");
            try (var _ =
                    Faults.arm(FaultPoint.JOURNAL_SCAN, Side.AFTER, () -> owner.goOnTo(meanwhile.to, Side.BEFORE))) {
                assertThat(recoverer.recover()).isEqualTo(1);
            }
            recoverer.drain();
            assertThat(world.recoveries()).singleElement().satisfies(told -> {
                assertThat(told.finding()).isEqualTo(meanwhile.finding);
                assertThat(told.action()).isEqualTo(meanwhile.action);
            });
            owner.end();
        }
        world.live("0").sweep();
        assertThat(world.rows()).hasSize(3);
        assertThat(world.commits()).hasSize(2);
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("R4")
    @Test
    void anAttemptThatEndsBetweenTheListingAndTheClaimIsPassedOver() throws Exception {
        world.send("job-2", LOAD);
        try (var owner = new Stalled<>(world.live("0")::handle, FaultPoint.JOURNAL_END, Side.BEFORE)) {
            world.passUntilOwnersAreLost();
            var recoverer = world.live("1");
            try (var _ = Faults.arm(
                    FaultPoint.JOURNAL_SCAN,
                    Side.AFTER,
                    () -> assertThat(owner.end()).isInstanceOf(Handled.Announce.class))) {
                assertThat(recoverer.recover()).isZero();
            }
            recoverer.drain();
        }
        assertThat(world.recoveries()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("R6")
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"JOURNAL_ARM", "STAGE_SEAL", "JOURNAL_CONFIRM"})
    void theAttemptOnADatasetThatWasDroppedMeanwhileIsDiscardedAndNothingIsWedged(FaultPoint point) throws Exception {
        world.send("job-2", LOAD);
        killed(point, Side.AFTER, world.live("0")::deliver);
        world.drop();

        var next = world.live("0");
        assertThat(next.recover()).isEqualTo(1);
        assertThat(world.stores().datastore().stagedObjects()).isEmpty();
        next.drain();

        assertThat(world.recoveries()).singleElement().satisfies(told -> {
            assertThat(told.finding()).isEqualTo("DatasetGone");
            assertThat(told.action()).isEqualTo(EventData.Recovered.Action.DISCARDED);
        });
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.dictionary().field("code").title()).as("a new dataset").isEqualTo("code");
        assertThat(world.stores().journal().quarantine(DATASET)).isEmpty();
        // The copy of the dropped dataset's dictionary is kept for people.
        assertThat(next.sweep()).singleElement().satisfies(kept -> {
            assertThat(kept.why()).isEqualTo("it belongs to an earlier dataset of this name");
            assertThat(world.stores().stash().clear(DATASET, kept.operation())).isTrue();
        });
        world.file("b.csv", "x\n1\n");
        world.send("other", JobMessage.replace("other", JobMessage.Source.url("b.csv")));
        next.drain();
        world.assertAtRest();
    }
}
