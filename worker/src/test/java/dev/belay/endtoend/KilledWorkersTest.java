package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.drill.Drill;
import dev.belay.drill.DrillPlan;
import dev.belay.drill.DrillReport;
import dev.belay.drill.Property;
import dev.belay.job.IdSource;
import dev.belay.kit.FaultRow;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise, as one test: whatever is killed, every job ends once and nothing is half-done. A short `belay drill`.
///
/// `-Dbelay.seed=N` makes the same load and the same plan of kills again; how they fall together with the work is up
/// to the machine.
@FaultRow({"P5", "E3", "K1", "K2", "R1", "R2"})
final class KilledWorkersTest {
    private static final int JOBS = 160;
    private static final int WORKERS = 2;
    private static final int KILLS = 11;

    @TempDir
    Path folder;

    @Test
    void everyJobEndsOnceAndNothingIsHalfDoneHoweverOftenWorkersAndBrokerAreKilled() throws Exception {
        // Random on purpose: it is printed, and given again by -Dbelay.seed.
        var plan = new DrillPlan(JOBS, WORKERS, KILLS, Long.getLong("belay.seed", System.nanoTime()));
        System.out.println("killed workers: " + plan.command() + " (again with -Dbelay.seed=" + plan.seed() + ")");
        var means = new Drill.Means(folder, Installation.BELAY, IdSource.random(InstantSource.system()), Map.of());

        DrillReport report;
        try (var drill = new Drill(plan, means, progress -> {})) {
            report = drill.run();
        }

        System.out.println(report.summary());
        assertThat(report.properties())
                .as("again with -Dbelay.seed=%d", plan.seed())
                .allMatch(Property::holds);
        assertThat(report.done().kills()).isEqualTo(KILLS);
        assertThat(report.done().brokerKills()).isPositive();
        assertThat(report.totals().reads()).isPositive();
    }
}
