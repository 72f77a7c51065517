package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.datastore.Commit;
import dev.belay.drill.WorkerProcess;
import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.journal.Attempt;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A worker that is stopped (SIGSTOP) in the middle of a load, loses its partition and its job to another one, and then
/// goes on (SIGCONT) as if nothing had been.
@ExtendWith(TestBrokers.class)
@FaultRow({"P6", "K2", "R2", "E3"})
final class ZombieTest {
    private static final int ROWS = 300_000;

    @TempDir
    Path folder;

    @Test
    void changesNothingAnnouncesNothingSaysSoAndGoesBackToWork(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            WorkerProcess zombie = installation.start(0);
            LongLoad.prepare(installation, events);
            var load = new LongLoad(installation, "taken-over", ROWS);
            installation.submit(load.message(false));
            load.awaitStaging();
            zombie.stop();
            OperationId its = load.attempts().getFirst().operation();

            WorkerProcess successor = installation.start(1);
            Receipt receipt = receipt(events, successor);
            assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
            installation.places().awaitNothingLeft();
            List<Commit> commits = commits(installation);
            List<Attempt> attempts = load.attempts();
            assertThat(attempts)
                    .hasSize(2)
                    .allMatch(attempt -> attempt.endedAt().isPresent());
            assertThat(commits)
                    .hasSize(2)
                    .noneMatch(commit -> commit.operation().equals(its));

            zombie.resume();
            await("the zombie says that it has lost its partitions and its dataset")
                    .atMost(Installation.PATIENCE)
                    .until(() -> zombie.said().contains("its new owner goes on with it")
                            && zombie.said().contains("job taken-over: dataset long was claimed by someone else"));
            assertThat(successor.terminate(Installation.PATIENCE)).isEqualTo(143);
            installation.submit(JobMessage.replace(
                            LongLoad.DATASET,
                            Source.url(installation
                                    .source("next.csv", "id,code,name,amount\n1,1,a,1\n")
                                    .toString()))
                    .withJobId("next"));
            assertThat(events.receiptOf("next").outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(installation
                            .journal(journal -> journal.attempts(new JobId("next")))
                            .getLast()
                            .owner()
                            .toString())
                    .startsWith("0@");

            assertThat(load.attempts()).isEqualTo(attempts);
            assertThat(commits(installation).subList(1, 3)).isEqualTo(commits);
            events.toEnd();
            assertThat(events.terminalOf("taken-over")).hasSize(1);
            assertThat(installation.deadLetters()).isEmpty();
            assertThat(zombie.terminate(Installation.PATIENCE)).isEqualTo(143);
            installation.assertNothingIsLeftLying();
            installation.assertCurated(LongLoad.DATASET, "name", "amount", "code");
        }
    }

    private static Receipt receipt(EventLog events, WorkerProcess successor) {
        try {
            return events.receiptOf("taken-over");
        } catch (AssertionError inVain) {
            throw new AssertionError("the successor's last words:\n" + successor.lastWords(), inVain);
        }
    }

    private static List<Commit> commits(Installation installation) {
        return installation.datastore(datastore -> {
            List<Commit> commits = datastore.commits(new DatasetId(LongLoad.DATASET));
            assertThat(commits).allMatch(datastore::isIntact);
            return commits;
        });
    }
}
