package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.journal.Attempt;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A job that ends its worker's process whenever it is run, on a partition with others.
@ExtendWith(TestBrokers.class)
final class KillingJobTest {
    private static final int ATTEMPTS = 2;
    /// By so many parts of pages the killing job has come far; the others are too small to be written while they are
    /// examined.
    private static final String KILLING = "-Dbelay.faults=halt:STAGE_DRAFT:AFTER:3";

    private static final int HALTED = 137;
    private static final int ROWS = 60_000;
    private static final String LONG = " and more that is said of it".repeat(10);

    @TempDir
    Path folder;

    @Test
    @FaultRow("L3")
    void aJobThatKillsItsWorkerEveryTimeFailsAndItsNeighboursFinish(TestBroker broker) throws Exception {
        try (var installation = new Installation(
                        broker,
                        folder,
                        Map.of("topics.partitions", "1", "retry.maxAttempts", Integer.toString(ATTEMPTS)));
                var events = installation.events()) {
            installation.submit(JobMessage.replace("killing", Source.url(many(installation)))
                    .withJobId("killing"));
            for (int life = 1; life <= ATTEMPTS; life++) {
                neighbour(installation, life);
                var worker = installation.start(0, List.of(KILLING));
                assertThat(worker.exit(Duration.ofMinutes(2))).isEqualTo(HALTED);
            }
            installation.start(0, List.of(KILLING)).ready();

            var receipt = events.receiptOf("killing");
            assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(receipt.failure()).isNotNull().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo("WORKER_CRASHED");
                assertThat(failure.message()).contains("the worker died");
            });
            for (int life = 1; life <= ATTEMPTS; life++) {
                assertThat(events.receiptOf("neighbour-" + life).outcome()).isEqualTo(Outcome.COMPLETED);
            }
            installation.places().awaitNothingLeft();
            events.toEnd();
            assertThat(events.terminal()).hasSize(1 + ATTEMPTS);
            assertThat(installation.<List<Attempt>>journal(journal -> journal.openAttempts()))
                    .isEmpty();
            assertThat(installation.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.reason().code()).isEqualTo("WORKER_CRASHED"));
            installation.assertNothingIsLeftLying();
        }
    }

    private static String many(Installation installation) throws Exception {
        var rows = new StringBuilder("id,name,amount\n");
        for (int row = 0; row < ROWS; row++) {
            rows.append(row)
                    .append(",name of ")
                    .append(row)
                    .append(LONG)
                    .append(',')
                    .append(row * 7L)
                    .append('\n');
        }
        return installation.source("killing.csv", rows.toString()).toString();
    }

    private static void neighbour(Installation installation, int number) throws Exception {
        Path file = installation.source("neighbour-" + number + ".csv", "id,name\n1,one\n");
        installation.submit(JobMessage.replace("beside-" + number, Source.url(file.toString()))
                .withJobId("neighbour-" + number)
                // It may be running whenever the other one kills, and such an attempt counts for both.
                .withRetry(new JobMessage.Retry(1 + ATTEMPTS, JobMessage.Retry.On.TRANSIENT)));
    }
}
