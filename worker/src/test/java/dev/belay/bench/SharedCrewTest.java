package dev.belay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.schemas.Event;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Workers in processes of their own, with data folders of their own, over one PostgreSQL and one broker; never how
/// fast anything is.
@ExtendWith(TestDatabases.class)
final class SharedCrewTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int AT_ONCE = 24;
    private static final int DATASETS = 12;
    /// Partitions wander to the second worker some time after it has come.
    private static final int ROUNDS = 40;

    @TempDir
    private Path folder = Path.of("");

    private final PostgresServer server;

    SharedCrewTest(TestDatabase database) {
        server = PostgresServer.at(database.url(), database.user(), database.password());
    }

    @Test
    void twoWorkersWithFoldersOfTheirOwnDoEachJobOnceBetweenThem() throws Exception {
        Path files = Files.createDirectories(folder.resolve("sources"));
        var ends = new HashMap<JobId, Integer>();
        try (BenchDatabase database = BenchDatabase.make(server);
                SharedCrew crew = SharedCrew.start(
                        means(), 2, database, Files.createDirectories(folder.resolve("crew")), files)) {
            for (int round = 0; round < ROUNDS && database.endedBySlot().size() < 2; round++) {
                round(crew, files, ends);
            }

            assertThat(database.endedBySlot()).as("both have taken part").hasSize(2);
            assertThat(ends.values()).as("terminal events of each job").containsOnly(1);
            assertThat(count(database, "belay_journal.job")).isEqualTo(ends.size());
            // An attempt that a rebalance or a busy database has stopped does not count: so attempts are counted where
            // the journal counts them.
            assertThat(count(database, "belay_journal.job WHERE attempts = 1")).isEqualTo(ends.size());
            assertThat(count(database, "belay_journal.attempt WHERE ended_at IS NULL"))
                    .isZero();
            assertThat(count(database, "belay.commits WHERE kind = 'PUBLISH'")).isEqualTo(ends.size());
            assertThat(count(database, "belay.dataset WHERE presence = 'LIVE'")).isEqualTo(DATASETS);
        }
    }

    private void round(SharedCrew crew, Path files, Map<JobId, Integer> ends) throws Exception {
        Map<JobId, JobMessage> messages = new HashMap<>();
        for (int at = 0; at < AT_ONCE; at++) {
            int number = ends.size() + at;
            Path file = Files.writeString(files.resolve(number + ".csv"), "a,b\n%d,x\n".formatted(number));
            String id = "job-%05d".formatted(number);
            messages.put(
                    new JobId(id),
                    JobMessage.replace("set-" + number % DATASETS, Source.url(file.toString()))
                            .withJobId(id));
        }
        for (JobMessage message : messages.values()) {
            crew.submitter().submit(message, StayingWorker.PATIENCE);
        }
        Map<JobId, Event> ended = crew.follower().follow(messages.keySet(), PATIENCE, event -> {
            if (event.type().terminal()) {
                ends.merge(new JobId(String.valueOf(event.subject())), 1, Integer::sum);
            }
        });
        assertThat(ended).hasSameSizeAs(messages);
        assertThat(ended.values())
                .allSatisfy(event -> assertThat(event.data())
                        .isInstanceOfSatisfying(
                                Receipt.class,
                                receipt -> assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED)));
    }

    private static long count(BenchDatabase database, String what) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT count(*) FROM " + what)) {
            found.next();
            return found.getLong(1);
        }
    }

    private Bench.Means means() throws Exception {
        return new Bench.Means(
                BenchFolder.at(folder.resolve("bench")),
                Program.ofThisJvm(System.getProperties(), List.of("-Xmx256m")),
                IdSource.random(InstantSource.system()),
                System.getProperties(),
                Map.of());
    }

    @Test
    void measuresWhatTheServerIsAskedForAndLeavesNothingThere() throws Exception {
        var plan = new SmallJobs.Plan(12, 5, 4, 2, new SmallJobs.By(1, Optional.of(server), false));

        SmallJobs.Found found = SmallJobs.measure(plan, means());

        SmallJobs.OnServer asked = found.server().orElseThrow();
        assertThat(asked.crowd().walBytes()).isPositive();
        assertThat(asked.crowd().writing()).isGreaterThanOrEqualTo(12);
        assertThat(asked.connections()).isBetween(1, 16);
        assertThat(asked.bySlot()).hasSize(1);
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var databases = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = 'belay_bench'")) {
            assertThat(databases.next()).isFalse();
        }
    }
}
