package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.FsyncFailed;
import dev.belay.job.Unavailable;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.stores.TestPlaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The sweeps of [KilledOnDiskTest] and [FailedOnDiskTest] with journal, stash and datastore in PostgreSQL, each point
/// of
/// a life once: the worker ends there, and its connections with it, or the step fails, before it or after it (a lost
/// answer). All rounds of a job are in one installation, one after the other, and each ends in the check of all sweeps.
@ExtendWith(TestDatabases.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SweptOnPostgresTest {
    private static final int LIVES = 8;
    private static final int DELIVERIES = 20;
    /// The check looks at all that was ever done.
    private static final int ROUNDS_IN_ONE = 12;

    private static final boolean ALL = "all".equals(System.getProperty("belay.sweep.postgres"));

    private final TestDatabase database;
    // What was done at a point once needs not be done again in another job.
    private final Set<Step> killed = new LinkedHashSet<>();
    private final Set<Step> failed = new LinkedHashSet<>();

    @TempDir
    private Path folders = Path.of("");

    private int round;
    private int rounds;
    // Made anew before the first round of each job.
    @SuppressWarnings("NullAway.Init")
    private OnDisk usual;

    SweptOnPostgresTest(TestDatabase database) {
        this.database = database;
    }

    /// One side of a point, at its first passing in a life.
    private record Step(FaultPoint point, Side side) {
        @Override
        public String toString() {
            return side + " " + point;
        }
    }

    /// First those that pass the most points.
    static List<SweptJob> jobs() {
        var jobs = new ArrayList<>(List.of(SweptJob.RELOAD_IN_PLACE, SweptJob.UPSERT));
        for (SweptJob job : SweptJob.values()) {
            if (!jobs.contains(job) && job.isRepeatable()) {
                jobs.add(job);
            }
        }
        jobs.addAll(List.of(SweptJob.RESTORE, SweptJob.REPLACE_FIRST));
        return jobs;
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void endsWholeWhereverTheWorkerIsKilledAndWhicheverStepFails(SweptJob job) throws Exception {
        rounds = 0;
        OnDisk disk = job.prepared(installation());
        Set<Step> steps = job.isRepeatable() ? stepsAgain(job, disk) : steps(disk);
        var violations = new ArrayList<String>();
        job.violations(disk).forEach(found -> violations.add("undisturbed: " + found));
        int kills = 0;
        int failures = 0;
        for (Step step : steps) {
            if (killed.add(step) || ALL) {
                kills++;
                survives(job, step, "killed ", this::killedAt).forEach(violations::add);
            }
            if ((step.side() == Side.AFTER || ALL) && failed.add(step)) {
                failures++;
                survives(job, step, "failed ", this::failingAt).forEach(violations::add);
            }
        }

        System.out.printf(
                "%s on PostgreSQL: killed at %d points, %d steps failed, %d violations%n",
                job, kills, failures, violations.size());
        assertThat(violations).isEmpty();
        assertThat(steps).hasSizeGreaterThan(20);
    }

    private OnDisk installation() {
        Path folder = folders.resolve("host-" + round++);
        return new OnDisk(folder, TestPlaces.in(database, folder), new JobLog(), SweptJob.source());
    }

    private Set<Step> stepsAgain(SweptJob job, OnDisk disk) {
        disk.live();
        job.again(disk, round++);
        return steps(disk);
    }

    private static Set<Step> steps(OnDisk disk) {
        var steps = new LinkedHashSet<Step>();
        try (var _ = Faults.onEveryPass((point, side) -> steps.add(new Step(point, side)))) {
            disk.live();
        }
        return steps;
    }

    /// What happens to a life at a step.
    @FunctionalInterface
    private interface Disturbance {
        void at(Step step, OnDisk disk);
    }

    private List<String> survives(SweptJob job, Step step, String how, Disturbance disturbance) throws Exception {
        if (!job.isRepeatable() || rounds++ % ROUNDS_IN_ONE == 0) {
            usual = job.prepared(installation());
        }
        OnDisk disk = usual;
        if (job.isRepeatable()) {
            disk.live();
            job.again(disk, round++);
        }
        try {
            disturbance.at(step, disk);
            return job.violations(disk).stream()
                    .map(found -> how + step + ": " + found)
                    .toList();
        } catch (RuntimeException | Error broken) {
            return List.of(how + step + ": " + broken);
        }
    }

    /// Its process ends; the next one brings everything to its end.
    private void killedAt(Step step, OnDisk disk) {
        try (var _ = Faults.arm(step.point(), step.side(), () -> {
            throw new CrashPoints.Crash(step.toString());
        })) {
            disk.live();
        } catch (CrashPoints.Crash killed) {
            // Nothing of its code ran after that but what lets go of the connection, as the server does.
        }
        disk.live();
    }

    /// As a worker does, and who starts it again when it has ended; the last life finds what was left.
    private void failingAt(Step step, OnDisk disk) {
        try (var _ = Faults.arm(step.point(), step.side(), () -> {
            throw new InjectedFault(step.point(), step.side());
        })) {
            for (int lives = 0; lives < LIVES; lives++) {
                try (OnDisk.Life life = disk.begin("0")) {
                    life.saga().recover();
                    life.saga().sweep();
                    int deliveries = 0;
                    while (!disk.log.waiting.isEmpty() && deliveries++ < DELIVERIES) {
                        disk.log.deliver(life.saga(), life.rooms().journal(), StopSignal.NEVER);
                    }
                } catch (Unavailable | FsyncFailed ended) {
                    continue;
                }
                if (disk.log.waiting.isEmpty()) {
                    disk.live();
                    return;
                }
            }
        }
        throw new IllegalStateException("the job does not end");
    }

    @Test
    void passesThePointsOfADatabase() throws Exception {
        OnDisk disk = SweptJob.REPLACE_FIRST.prepared(installation());

        assertThat(steps(disk))
                .extracting(Step::point)
                .contains(FaultPoint.MIGRATION_STEP, FaultPoint.DATABASE_COMMIT, FaultPoint.PUBLISH_COMMIT)
                .doesNotContain(FaultPoint.DATABASE_WAL);
    }
}
