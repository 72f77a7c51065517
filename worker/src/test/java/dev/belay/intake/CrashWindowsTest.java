package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.journal.JobState;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A worker that stops in the middle of saying how jobs ended, at each step of it, and the next life of its slot. When
/// that has said everything, the first one wakes up and tries to go on.
@ExtendWith(TestBrokers.class)
final class CrashWindowsTest {
    private static final int JOBS = 7;

    @ParameterizedTest
    @CsvSource({
        "INTAKE_TAKE, BEFORE",
        "INTAKE_TAKE, AFTER",
        "INTAKE_HANDLE, BEFORE",
        "INTAKE_HANDLE, AFTER",
        "INTAKE_SEND, BEFORE",
        "INTAKE_SEND, AFTER",
        "INTAKE_OFFSETS, AFTER",
        "INTAKE_COMMIT, BEFORE",
        "INTAKE_COMMIT, AFTER"
    })
    @FaultRow({"E3", "K1", "P5"})
    void saysEverythingOnceWhereverAWorkerStops(FaultPoint point, Side side, TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var stopped = new CountDownLatch(1);
            var wake = new CountDownLatch(1);
            try (var _ = Faults.arm(point, side, () -> {
                stopped.countDown();
                wake.await();
            })) {
                jobs(bench);
                var first = bench.start("a");
                assertThat(stopped.await(90, TimeUnit.SECONDS)).isTrue();
                bench.start("a");
                bench.awaitTerminal(JOBS);
                bench.awaitCommitted(JOBS + 1);
                wake.countDown();

                assertThat(first.failure()).failsWithin(Duration.ofSeconds(60));
            } finally {
                wake.countDown();
            }
            bench.job("job-last", "set-0");
            bench.awaitTerminal(JOBS + 1);
            assertEverythingOnce(bench);
        }
    }

    @Test
    @FaultRow("E3")
    void saysEverythingOnceWhenTheWorkerStopsBeforeItsNoteInTheJournal(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.saga.forgetful = true;
            jobs(bench);
            bench.start("a");
            bench.awaitTerminal(JOBS);
            bench.saga.forgetful = false;
            bench.start("a");

            bench.job("job-last", "set-0");
            bench.awaitTerminal(JOBS + 1);
            assertEverythingOnce(bench);
        }
    }

    private static void jobs(Bench bench) throws Exception {
        bench.saga.on("job-0", (_, delivery, _, _) -> ScriptedSaga.over(delivery, JobState.FAILED));
        for (int n = 0; n < JOBS; n++) {
            bench.job("job-" + n, "set-" + n % 3);
        }
        bench.job("job-1", "set-1");
    }

    private static void assertEverythingOnce(Bench bench) throws Exception {
        bench.awaitCommitted(JOBS + 2);
        bench.assertExactlyOnce(JOBS + 1);
        assertThat(bench.saga.ran).hasSize(JOBS + 1).doesNotHaveDuplicates();
        assertThat(bench.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.jobId()).isEqualTo("job-0"));
    }
}
