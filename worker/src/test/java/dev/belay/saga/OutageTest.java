package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.FaultRow;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A store fails, or the worker is told to stop, at every point of a job that may be tried only once: that costs it no
/// attempt, and the same worker, or the next one, brings it to its end.
final class OutageTest {
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final String REPEATED = "code,n\n007,1\n007,2\n";

    private Path folder;

    @BeforeEach
    void begin(@TempDir Path made) {
        folder = made;
    }

    enum Scenario {
        SUCCEEDS_BY_SWAP(SECOND, PublishStrategy.SWAP, false),
        SUCCEEDS_IN_PLACE(SECOND, PublishStrategy.IN_PLACE, false),
        FAILS_BY_SWAP(REPEATED, PublishStrategy.SWAP, true),
        FAILS_IN_PLACE(REPEATED, PublishStrategy.IN_PLACE, true),
        SUCCEEDS_BY_SWAP_IN_ONE_STEP(SECOND, PublishStrategy.SWAP),
        SUCCEEDS_IN_PLACE_IN_ONE_STEP(SECOND, PublishStrategy.IN_PLACE);

        final Rig.Together stores;
        final String file;
        final PublishStrategy strategy;
        final boolean fails;

        Scenario(String file, PublishStrategy strategy) {
            this(Rig.Together.IN_ONE_STEP, file, strategy, false);
        }

        Scenario(String file, PublishStrategy strategy, boolean fails) {
            this(Rig.Together.APART, file, strategy, fails);
        }

        Scenario(Rig.Together stores, String file, PublishStrategy strategy, boolean fails) {
            this.stores = stores;
            this.file = file;
            this.strategy = strategy;
            this.fails = fails;
        }
    }

    @ParameterizedTest
    @EnumSource
    @FaultRow({"J1", "J2", "J3", "P2"})
    void costsNoAttemptWhereverAStoreFails(Scenario scenario) throws Exception {
        int points = pointsOf(scenario);
        int settled = 0;
        for (int point = 0; point < points; point++) {
            Rig rig = prepared(scenario);
            var outage = CrashPoints.outageAt(point);
            Saga worker = rig.worker(outage);
            boolean waited = false;
            while (!rig.log.waiting.isEmpty()) {
                if (rig.log.deliver(worker, rig.journal, StopSignal.NEVER) instanceof Handled.Later later) {
                    assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE);
                    assertThat(waited).as("one outage, one wait").isFalse();
                    waited = true;
                }
            }
            worker.sweep();
            String where = "outage " + outage.names().get(point);
            assertWhole(rig, scenario, where);
            settled += waited ? 0 : 1;
        }
        System.out.printf("%s: %d outages, %d of them became a warning%n", scenario, points, settled);
    }

    @ParameterizedTest
    @EnumSource
    void costsNoAttemptWhereverTheWorkerIsStopped(Scenario scenario) throws Exception {
        int points = pointsOf(scenario);
        int stopped = 0;
        for (int point = 0; point < points; point++) {
            Rig rig = prepared(scenario);
            var raised = new AtomicBoolean();
            var points1 = CrashPoints.acting(point, name -> raised.set(true));
            Handled handled = rig.log.deliver(rig.worker(points1), rig.journal, raised::get);
            String where = "stopped " + points1.names().get(point);
            if (handled instanceof Handled.Later later) {
                stopped++;
                assertThat(later.cause()).as(where).isEqualTo(Handled.Later.Cause.STOPPED);
                assertThat(rig.journal.openAttempts()).as(where).isEmpty();
                assertThat(rig.datastore.stagedObjects()).as(where).isEmpty();
                assertThat(rig.stash.list()).as(where).isEmpty();
                assertThat(rig.workspace.operations()).as(where).isEmpty();
                rig.drain();
                assertThat(rig.log.of(EventData.RolledBack.class).stream()
                                .filter(back -> back.failure().code().equals("WORKER_STOPPED")))
                        .as(where)
                        .hasSizeLessThanOrEqualTo(1);
            }
            assertWhole(rig, scenario, where);
        }
        System.out.printf("%s: %d points, %d of them stopped the job%n", scenario, points, stopped);
        assertThat(stopped).isPositive();
    }

    private int pointsOf(Scenario scenario) throws Exception {
        Rig rig = prepared(scenario);
        var points = CrashPoints.none();
        rig.log.deliver(rig.worker(points), rig.journal, StopSignal.NEVER);
        return points.count();
    }

    private Rig prepared(Scenario scenario) throws Exception {
        var rig = new Rig(folder, scenario.stores);
        rig.file("first.csv", FIRST);
        rig.file("second.csv", scenario.file);
        rig.run("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        rig.curate(live -> live.withTitle("code", "Station code"));
        rig.log.events.clear();
        rig.send(
                "job-2",
                JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                        .withMode(Mode.REPLACE, List.of("code"))
                        .withRetry(new Retry(1, Retry.On.TRANSIENT))
                        .withPublish(scenario.strategy));
        return rig;
    }

    private static void assertWhole(Rig rig, Scenario scenario, String where) throws Exception {
        assertThat(rig.log.terminalTypes()).as(where).containsExactly(scenario.fails ? "job.failed" : "job.completed");
        if (scenario.fails) {
            assertThat(rig.log.failure()).as(where).isEqualTo("KEY_NOT_UNIQUE");
        }
        assertThat(rig.log.receipt().attempts()).as(where).isEqualTo(1);
        int left = scenario.strategy == PublishStrategy.IN_PLACE ? 0 : 2;
        assertThat(rig.rows()).as(where).hasSize(scenario.fails ? left : 3);
        assertThat(rig.dictionary().field("code").title()).as(where).isEqualTo("Station code");
        assertThat(rig.journal.openAttempts()).as(where).isEmpty();
        assertThat(rig.datastore.stagedObjects()).as(where).isEmpty();
        assertThat(rig.stash.list()).as(where).isEmpty();
        assertThat(rig.workspace.operations()).as(where).isEmpty();
        assertThat(rig.datastore.state(DATASET).head().orElseThrow().version())
                .as(where)
                .isEqualTo(rig.datastore.commits(DATASET).size());
    }
}
