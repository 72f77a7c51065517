package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.CommitKind;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A worker stalls between two calls, at every point in turn; another takes its job over and finishes it, and a
/// newer job too; then the first one goes on. It changes nothing that is shared and ends nothing a second time.
final class TwoWorkersTest {
    private static final long PATIENCE_SECONDS = 60;

    private Path folder;

    @BeforeEach
    void begin(@TempDir Path made) {
        folder = made;
    }

    enum Scenario {
        SUCCEEDS_BY_SWAP("code,n\n007,1\n008,2\n009,3\n", PublishStrategy.SWAP, false),
        SUCCEEDS_IN_PLACE("code,n\n007,1\n008,2\n009,3\n", PublishStrategy.IN_PLACE, false),
        FAILS_BY_SWAP("code,n\n007,1\n007,2\n", PublishStrategy.SWAP, true),
        FAILS_IN_PLACE("code,n\n007,1\n007,2\n", PublishStrategy.IN_PLACE, true);

        final String file;
        final PublishStrategy strategy;
        final boolean fails;

        Scenario(String file, PublishStrategy strategy, boolean fails) {
            this.file = file;
            this.strategy = strategy;
            this.fails = fails;
        }
    }

    @ParameterizedTest
    @EnumSource
    @FaultRow("P6")
    void aStalledOwnerChangesNothingMore(Scenario scenario) throws Exception {
        int points = pointsOf(scenario);
        int swept = 0;
        for (int point = 0; point < points; point++) {
            swept += stalledAt(scenario, point, false);
        }
        System.out.printf("%s: %d points of stalling, %d left something to sweep%n", scenario, points, swept);
    }

    /// The newer job has deleted the live table and stands still: the stashed dictionary is all there is of it.
    @ParameterizedTest
    @EnumSource
    void aStalledOwnerLeavesTheOnlyCopyOfADictionaryAlone(Scenario scenario) throws Exception {
        int points = pointsOf(scenario);
        for (int point = 0; point < points; point++) {
            stalledAt(scenario, point, true);
        }
    }

    private int stalledAt(Scenario scenario, int point, boolean newerStandsStill) throws Exception {
        Rig rig = prepared(scenario);
        var stalled = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var zombiePoints = CrashPoints.acting(point, name -> {
            stalled.countDown();
            await(goOn);
        });
        JobLog.Message message = rig.log.waiting.element();
        Saga zombie = rig.worker("zombie", zombiePoints);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Handled> ended = thread.submit(
                    () -> zombie.handle(message.request(), message.delivery(), JobListener.SILENT, StopSignal.NEVER));
            await(stalled);
            String where = "stalled " + zombiePoints.names().get(point);
            rig.log.pass(Rig.OWNER_LOST_AFTER.plusSeconds(1));
            Saga heir = rig.worker("heir", CrashPoints.none());
            heir.recover();
            rig.drain(heir, CrashPoints.none());
            boolean newerFirst = newerStandsStill && leaveNewerHalfway(rig);
            Published before = Published.of(rig);
            List<String> told = rig.log.types();

            goOn.countDown();
            Handled handled = handled(ended);

            assertThat(Published.of(rig)).as(where).isEqualTo(before);
            assertToldOnce(rig, handled, where);
            int left = rig.datastore.stagedObjects().size()
                    + rig.workspace.operations().size();
            if (newerFirst) {
                assertThat(rig.stash.list()).as(where).isNotEmpty();
                rig.log.pass(Rig.OWNER_LOST_AFTER.plusSeconds(1));
                Saga last = rig.worker("last", CrashPoints.none());
                last.recover();
                last.sweep();
                rig.drain(last, CrashPoints.none());
            }
            rig.worker("last", CrashPoints.none()).sweep();
            assertWhole(rig, where);
            assertThat(told).as(where).isNotEmpty();
            return left > 0 && !newerFirst ? 1 : 0;
        }
    }

    /// What readers see.
    private record Published(Object state, Object rows, Object history) {
        static Published of(Rig rig) {
            return new Published(rig.datastore.state(DATASET), rig.rows(), rig.datastore.commits(DATASET));
        }
    }

    /// A newer in-place job dies right after the delete.
    private static boolean leaveNewerHalfway(Rig rig) {
        rig.file("third.csv", "code,n\n1,1\n");
        rig.send(
                "job-3",
                JobMessage.replace("d", JobMessage.Source.url("third.csv")).withPublish(PublishStrategy.IN_PLACE));
        var points = CrashPoints.at("after Datastore.deleteLive");
        try {
            rig.drain(rig.worker("newer", points), points);
        } catch (CrashPoints.Crash killed) {
            return true;
        }
        throw new AssertionError("nothing was deleted");
    }

    /// Whatever the stalled owner says, it is what the heir has announced, or nothing.
    private static void assertToldOnce(Rig rig, Handled handled, String where) {
        switch (handled) {
            case Handled.Announce announce ->
                assertThat(rig.log.events)
                        .as(where)
                        .containsAll(announce.announcement().events());
            case Handled.Drop _ -> {}
            case Handled.Later later -> assertThat(later.cause()).as(where).isEqualTo(Handled.Later.Cause.FENCED);
            case Handled.Conflict conflict -> throw new AssertionError(where + ": " + conflict);
            case Handled.Unasked unasked -> throw new AssertionError(where + ": " + unasked);
        }
    }

    private static void assertWhole(Rig rig, String where) throws Exception {
        assertThat(rig.log.of(dev.belay.schemas.Receipt.class))
                .as(where)
                .extracting(dev.belay.schemas.Receipt::jobId)
                .doesNotHaveDuplicates()
                .contains("job-2");
        assertThat(rig.log.of(EventData.Published.class))
                .as(where)
                .extracting(EventData.Published::commitId)
                .doesNotHaveDuplicates();
        assertThat(rig.dictionary().field("code").title()).as(where).isEqualTo("Station code");
        assertThat(rig.journal.openAttempts()).as(where).isEmpty();
        assertThat(rig.datastore.stagedObjects()).as(where).isEmpty();
        assertThat(rig.stash.list()).as(where).isEmpty();
        assertThat(rig.workspace.operations()).as(where).isEmpty();
        assertThat(rig.datastore.commits(DATASET).stream().filter(commit -> commit.kind() == CommitKind.PUBLISH))
                .as(where)
                .extracting(commit -> commit.provenance().job())
                .doesNotHaveDuplicates();
    }

    private int pointsOf(Scenario scenario) throws Exception {
        Rig rig = prepared(scenario);
        var points = CrashPoints.none();
        rig.log.deliver(rig.worker("zombie", points), rig.journal, StopSignal.NEVER);
        assertThat(rig.log.terminalTypes()).containsExactly(scenario.fails ? "job.failed" : "job.completed");
        return points.count();
    }

    private Rig prepared(Scenario scenario) throws Exception {
        var rig = new Rig(folder);
        rig.file("first.csv", "code,n\n007,1\n008,2\n");
        rig.file("second.csv", scenario.file);
        rig.run("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        rig.curate(live -> live.withTitle("code", "Station code"));
        rig.log.events.clear();
        rig.send(
                "job-2",
                JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                        .withMode(Mode.REPLACE, List.of("code"))
                        .withPublish(scenario.strategy));
        return rig;
    }

    private static Handled handled(Future<Handled> ended) throws Exception {
        try {
            return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("the stalled owner failed", failed.getCause());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
