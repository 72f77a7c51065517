package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.drill.WorkerProcess;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.Attempt;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.runtime.folder.SignOfLife;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A second set of workers takes the place of the first while jobs come in all the time, as
/// docs/operations.md says how to upgrade.
@ExtendWith(TestBrokers.class)
final class RollingUpgradeTest {
    /// 128 + SIGTERM.
    private static final int TERMINATED = 143;

    private static final int DATASETS = 5;
    private static final int LEAST = 20;
    private static final int MOST_OPEN = 10;
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void losesNoJobAndRunsNoneTwiceToEffect(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of("worker.ownerLostAfter", "20s"));
                var events = installation.events()) {
            WorkerProcess zero = installation.start(0);
            WorkerProcess one = installation.start(1);
            LongLoad.prepare(installation, events);
            var load = new LongLoad(installation, "long-job", 200_000);
            installation.submit(load.message(false));
            load.awaitStaging();
            var isOver = new AtomicBoolean();
            CompletableFuture<Map<String, Integer>> submitted = CompletableFuture.supplyAsync(
                    () -> submitUntil(installation, isOver),
                    work -> Thread.ofPlatform().start(work));

            try {
                WorkerProcess two = installation.start(2);
                WorkerProcess three = installation.start(3);
                two.ready();
                assertThat(zero.terminate(STOPPED_WITHIN)).isEqualTo(TERMINATED);
                three.ready();
                assertThat(one.terminate(STOPPED_WITHIN)).isEqualTo(TERMINATED);
                for (WorkerProcess worker : List.of(zero, one, two, three)) {
                    assertThat(worker.said()).doesNotContain("ERROR").doesNotContain("Exception");
                }
            } finally {
                isOver.set(true);
            }

            Map<String, Integer> jobs = submitted.get(Installation.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertEachEndedOnce(installation, events, jobs);
            assertThat(load.served()).isEqualTo(load.rows());
            assertThat(load.attempts()).filteredOn(Attempt::counted).hasSizeLessThanOrEqualTo(1);
            assertSomeoneLives(installation);
        }
    }

    /// One row is appended by each job, so that one run twice would be seen.
    ///
    /// @return how many jobs each dataset got
    private static Map<String, Integer> submitUntil(Installation installation, AtomicBoolean isOver) {
        var jobs = new TreeMap<String, Integer>();
        try (var seen = installation.events()) {
            for (int number = 0; !isOver.get() || number < LEAST; number++) {
                int ended = number - MOST_OPEN;
                seen.until("room for one more", () -> seen.terminal().size() >= ended);
                String dataset = "rolling-" + number % DATASETS;
                Path file = installation.source("rolling-" + number + ".csv", "id,name\n" + number + ",n\n");
                installation.submit(JobMessage.replace(dataset, JobMessage.Source.url(file.toString()))
                        .withJobId(job(dataset, jobs.merge(dataset, 1, Integer::sum)))
                        .withMode(Mode.APPEND, List.of()));
            }
        } catch (IOException | JobFailure failed) {
            throw new AssertionError(failed);
        }
        return jobs;
    }

    private static String job(String dataset, int number) {
        return dataset + "-job-" + number;
    }

    private static void assertEachEndedOnce(Installation installation, EventLog events, Map<String, Integer> jobs)
            throws Exception {
        jobs.forEach((dataset, count) -> {
            for (int number = 1; number <= count; number++) {
                assertThat(events.receiptOf(job(dataset, number)).outcome()).isEqualTo(Outcome.COMPLETED);
            }
        });
        events.receiptOf("long-job");
        installation.places().awaitNothingLeft();
        events.toEnd();
        jobs.forEach((dataset, count) -> {
            for (int number = 1; number <= count; number++) {
                String job = job(dataset, number);
                assertThat(events.terminalOf(job)).as(job).hasSize(1);
                List<Attempt> attempts = installation.journal(journal -> journal.attempts(new JobId(job)));
                assertThat(attempts)
                        .filteredOn(Attempt::counted)
                        .as("attempts of " + job)
                        .hasSize(1);
            }
            long rows = installation.datastore(datastore ->
                    datastore.state(new DatasetId(dataset)).head().orElseThrow().rows());
            assertThat(rows).as("rows of " + dataset).isEqualTo(count.longValue());
        });
        assertThat(events.terminalOf("long-job")).hasSize(1);
        assertThat(installation.deadLetters()).isEmpty();
        System.out.println("rolled over %d jobs"
                .formatted(jobs.values().stream().mapToInt(Integer::intValue).sum()));
    }

    /// What `belay health` looks at, of the workers that are there now.
    private static void assertSomeoneLives(Installation installation) {
        await("a sign of life")
                .atMost(Installation.PATIENCE)
                .until(() -> SignOfLife.last(installation.data().workers()).isPresent());
        assertThat(installation.data().workers().resolve("0.alive")).doesNotExist();
        assertThat(installation.data().workers().resolve("1.alive")).doesNotExist();
    }
}
