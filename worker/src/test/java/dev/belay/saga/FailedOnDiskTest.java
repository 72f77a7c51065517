package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.FsyncFailed;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lets every durable step of a whole life fail once, before it has done anything and after it has done
/// everything (the acknowledgement is lost), over the real stores. The worker goes on, or ends and is started
/// again; either way the job ends as it should.
@FaultRow({"V2", "J1", "J2", "J3", "J4", "J5", "J8", "S1", "S3", "L2", "L3", "P2", "C1", "C4", "E1", "N1"})
final class FailedOnDiskTest {
    private static final int LIVES = 8;
    private static final int DELIVERIES = 20;

    /// The others pass the same points, or let them all fail with `-Dbelay.sweep.failures=all`.
    private static final Set<SweptJob> ALL_PASSINGS = "all".equals(System.getProperty("belay.sweep.failures"))
            ? EnumSet.allOf(SweptJob.class)
            : EnumSet.of(SweptJob.RELOAD_IN_PLACE);

    private Copies copies;

    @BeforeEach
    void begin() throws IOException {
        copies = new Copies();
    }

    @AfterEach
    void end() {
        copies.close();
    }

    @ParameterizedTest
    @EnumSource
    void endsWholeWhicheverStepFails(SweptJob job) throws Exception {
        OnDisk prepared = job.prepared(copies.next());
        Map<String, Step> steps = stepsOf(job, prepared);
        var violations = new ArrayList<String>();
        for (Step step : steps.values()) {
            OnDisk disk = prepared.copyTo(copies.next());
            try (var _ = Faults.arm(step.point(), step.side(), step.nth(), () -> {
                throw new InjectedFault(step.point(), step.side());
            })) {
                bringToItsEnd(disk);
                job.violations(disk).forEach(found -> violations.add("failed %s: %s".formatted(step, found)));
            } catch (RuntimeException | Error broken) {
                violations.add("failed %s: %s".formatted(step, broken));
            }
            copies.remove(disk);
        }

        System.out.printf("%s: %d steps failed, %d violations%n", job, steps.size(), violations.size());
        assertThat(violations).isEmpty();
        assertThat(steps).hasSizeGreaterThan(40);
    }

    /// The nth passing of one side of a point.
    private record Step(FaultPoint point, Side side, int nth) {
        @Override
        public String toString() {
            return "%s %s, passing %d".formatted(side, point, nth);
        }
    }

    /// The passings in an undisturbed life: all of some jobs, the first of each point of the others.
    private Map<String, Step> stepsOf(SweptJob job, OnDisk prepared) {
        OnDisk disk = prepared.copyTo(copies.next());
        var passings = new LinkedHashMap<String, Integer>();
        var steps = new LinkedHashMap<String, Step>();
        try (var _ = Faults.onEveryPass((point, side) -> {
            int nth = passings.merge(side + " " + point, 1, Integer::sum);
            var step = new Step(point, side, nth);
            if (nth == 1 || ALL_PASSINGS.contains(job)) {
                steps.put(step.toString(), step);
            }
        })) {
            disk.live();
        }
        return steps;
    }

    /// As a worker does, and who starts it again when it has ended; the last life finds what was left.
    private static void bringToItsEnd(OnDisk disk) {
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
        throw new IllegalStateException("the job does not end");
    }
}
