package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.kit.AtRest;
import dev.belay.kit.FaultRow;
import dev.belay.kit.Injections;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.schemas.Outcome;
import dev.belay.stores.StorePlaces;
import dev.belay.stores.TestPlaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a job commits where journal and datastore are one database, and where they are two.
@ExtendWith(TestDatabases.class)
final class OneTransactionTest {
    private final TestDatabase database;

    OneTransactionTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void aJobCommitsOnceLessInOneDatabaseThanInTwo(@TempDir Path one, @TempDir Path two) throws Exception {
        List<String> together = steps(one, TestPlaces.in(database, one));
        List<String> apart = steps(two, TestPlaces.apart(database, two));

        System.out.printf(
                "transactions of a replace that write: %d, of two databases %d%n", commits(together), commits(apart));
        assertThat(commits(together)).isEqualTo(commits(apart) - 1);
        assertThat(between(together, "BEFORE PUBLISH_COMMIT", "AFTER JOURNAL_END"))
                .containsOnlyOnce(commit());
        assertThat(between(apart, "BEFORE PUBLISH_COMMIT", "AFTER JOURNAL_END")).contains("AFTER STASH_CLEAR");
    }

    /// What a replace passes, of a worker that has loaded before.
    private static List<String> steps(Path folder, StorePlaces places) throws Exception {
        OnDisk disk = SweptJob.RELOAD_BY_SWAP.prepared(new OnDisk(folder, places, new JobLog(), SweptJob.source()));
        Thread me = Thread.currentThread();
        var passed = new ArrayList<String>();
        try (OnDisk.Life life = disk.begin("0")) {
            try (var _ = Faults.onEveryPass((point, side) -> {
                if (Thread.currentThread().equals(me)) {
                    passed.add(side + " " + point);
                }
            })) {
                disk.drain(life);
            }
        }
        new AtRest(disk.folder, disk.places).check();
        return passed;
    }

    private static String commit() {
        return Side.AFTER + " " + FaultPoint.DATABASE_COMMIT;
    }

    private static long commits(List<String> steps) {
        return steps.stream().filter(commit()::equals).count();
    }

    private static List<String> between(List<String> steps, String from, String to) {
        return steps.subList(steps.indexOf(from), steps.indexOf(to) + 1);
    }

    /// Before it the job waits and goes forward; after it, it has not waited.
    @FaultRow({"J3", "P2"})
    @ParameterizedTest
    @EnumSource
    void aFailureOfThatCommitAndALostAnswerCostNothing(Side side, @TempDir Path host) throws Exception {
        OnDisk disk = prepared(host);
        int waits = 0;
        try (OnDisk.Life life = disk.begin("0")) {
            try (var _ = Injections.failingWithin(FaultPoint.PUBLISH_COMMIT, FaultPoint.DATABASE_COMMIT, side)) {
                waits += deliver(disk, life);
            }
            while (!disk.log.waiting.isEmpty()) {
                waits += deliver(disk, life);
            }
        }

        assertThat(waits).isEqualTo(side == Side.BEFORE ? 1 : 0);
        assertThat(disk.log.receipt().attempts()).isEqualTo(1);
        assertThat(SweptJob.RELOAD_BY_SWAP.violations(disk)).isEmpty();
    }

    private static int deliver(OnDisk disk, OnDisk.Life life) {
        return disk.log.deliver(life.saga(), life.rooms().journal(), StopSignal.NEVER) instanceof Handled.Later ? 1 : 0;
    }

    @FaultRow({"P1", "P2"})
    @ParameterizedTest
    @EnumSource
    void aWorkerThatDiesInThatCommitHasLeftBothOrNeither(Side side, @TempDir Path host) throws Exception {
        OnDisk disk = prepared(host);
        var inner = new AtomicReference<Faults.@Nullable Arm>();
        try (OnDisk.Life life = disk.begin("0");
                var _ = Faults.arm(
                        FaultPoint.PUBLISH_COMMIT,
                        Side.BEFORE,
                        () -> inner.set(Faults.arm(FaultPoint.DATABASE_COMMIT, side, () -> {
                            throw new CrashPoints.Crash("the commit");
                        })))) {
            disk.drain(life);
            throw new AssertionError("it should have died");
        } catch (CrashPoints.Crash killed) {
            Objects.requireNonNull(inner.get()).close();
        }

        try (OnDisk.Life next = disk.begin("0")) {
            int version = next.rooms()
                    .datastore()
                    .state(Rig.DATASET)
                    .head()
                    .orElseThrow()
                    .version();
            int open = next.rooms().journal().openAttempts().size();
            assertThat(version).isEqualTo(side == Side.BEFORE ? 1 : 2);
            assertThat(open).isEqualTo(side == Side.BEFORE ? 1 : 0);
        }
        disk.live();
        assertThat(SweptJob.RELOAD_BY_SWAP.violations(disk)).isEmpty();
    }

    private OnDisk prepared(Path host) throws Exception {
        return SweptJob.RELOAD_BY_SWAP.prepared(
                new OnDisk(host, TestPlaces.in(database, host), new JobLog(), SweptJob.source()));
    }

    @FaultRow("S3")
    @Test
    void whatGoesWrongAfterTheEndDoesNoHarm(@TempDir Path host) throws Exception {
        OnDisk disk = prepared(host);
        try (OnDisk.Life life = disk.begin("0")) {
            try (var _ = Injections.failing(FaultPoint.STASH_CLEAR, Side.BEFORE)) {
                disk.drain(life);
            }
            assertThat(disk.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(disk.log.receipt().warnings())
                    .as("it was written before")
                    .isEmpty();
            assertThat(life.rooms().stash().list()).hasSize(1);

            assertThat(life.saga().sweep()).singleElement().matches(Sweep.Finding::removed);
        }
        assertThat(SweptJob.RELOAD_BY_SWAP.violations(disk)).isEmpty();
    }
}
