package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.drill.Drill;
import dev.belay.drill.DrillPlan;
import dev.belay.drill.DrillReport;
import dev.belay.drill.DrillServer;
import dev.belay.drill.Property;
import dev.belay.job.IdSource;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.kit.TestPostgres;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The same promise over one PostgreSQL: workers on data folders of their own, as on several hosts, killed and
/// stopped, the broker and the database's server killed too. A short `belay drill --database`; a longer one by
/// `-Dbelay.drill.jobs=N`, `-Dbelay.drill.workers=N`, `-Dbelay.drill.kills=N`.
@ExtendWith(TestDatabases.class)
final class DrillOnPostgresTest {
    private static final int JOBS = Integer.getInteger("belay.drill.jobs", 60);
    private static final int WORKERS = Integer.getInteger("belay.drill.workers", 2);
    private static final int KILLS = Integer.getInteger("belay.drill.kills", 10);

    @Test
    void everyJobEndsOnceAndNothingIsHalfDoneHoweverOftenWorkersBrokerAndServerAreKilled(
            TestDatabase database, @TempDir Path folder) throws Exception {
        assumeTrue(database.server().restartable(), "the server cannot be restarted");
        // Random on purpose: it is printed, and given again by -Dbelay.seed.
        var plan = new DrillPlan(JOBS, WORKERS, KILLS, Long.getLong("belay.seed", System.nanoTime()));
        System.out.println("killed workers and PostgreSQL: again with -Dbelay.seed=" + plan.seed());
        var server = new DrillServer(
                database.url(), database.user(), database.password(), Optional.of(() -> restarted(database.server())));
        var means = new Drill.Means(
                folder, Installation.BELAY, IdSource.random(InstantSource.system()), Map.of(), Optional.of(server));

        DrillReport report;
        try (var drill = new Drill(plan, means, progress -> {})) {
            report = drill.run();
        }

        report.properties().forEach(property -> System.out.printf("%-12s %s%n", property.name(), property.words()));
        System.out.println(report.done());
        System.out.println(report.summary());
        assertThat(report.properties())
                .as("again with -Dbelay.seed=%d", plan.seed())
                .allMatch(Property::holds);
        assertThat(report.done().kills()).isEqualTo(KILLS);
        assertThat(report.done().serverKills()).isPositive();
        assertThat(report.totals().reads()).isPositive();
    }

    private static void restarted(TestPostgres server) {
        server.kill();
        server.start();
    }
}
