package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.journal.JobState;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.saga.Handled;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a worker stands on goes away while a thousand jobs wait, and comes back: every job ends by itself, none in the
/// dead letters, none is run again for it.
@ExtendWith(TestBrokers.class)
final class OutagesTest {
    private static final int JOBS = 1000;
    private static final int BEFORE = 100;

    /// All time-outs are a tenth of the usual ones, and the broker stays away until each has passed several times.
    @Test
    @FaultRow("E2")
    void waitsForABrokerThatIsAwayForManyTimesItsTimeOuts(TestBroker broker) throws Exception {
        assumeTrue(broker.restartable(), "the broker cannot be restarted");
        try (var bench = new Bench(broker, 2)) {
            var some = new CountDownLatch(BEFORE);
            var producers = new AtomicInteger();
            bench.saga.script = (_, delivery, _, _) -> {
                some.countDown();
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            bench.jobs(JOBS, 20);
            var intake = bench.start(
                    bench.settings(
                            "a",
                            Map.of(
                                    "producer.max.block.ms", "1000",
                                    "producer.request.timeout.ms", "800",
                                    "producer.delivery.timeout.ms", "1200",
                                    "producer.transaction.timeout.ms", "1500")),
                    new Intake.Hooks(() -> {}, producer -> {
                        producers.incrementAndGet();
                        return producer;
                    }));
            assertThat(some.await(90, TimeUnit.SECONDS)).isTrue();
            broker.kill();
            int made = producers.get();
            try {
                await().atMost(Bench.PATIENCE).until(() -> producers.get() >= made + 3);
                assertThat(intake.status().brokerSilent()).isGreaterThan(Duration.ofSeconds(2));
            } finally {
                broker.start();
            }

            assertEveryJobEndedOnce(bench);
            await().atMost(Bench.PATIENCE)
                    .until(() -> intake.status().brokerSilent().compareTo(Duration.ofSeconds(2)) < 0);
            assertThat(intake.status().sent()).isEqualTo(new IntakeStatus.Sent(JOBS, 0, 0));
            assertThat(intake.failure()).isNotDone();
        }
    }

    @Test
    @FaultRow("J1")
    void waitsForAJournalThatIsAway(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            var away = new AtomicBoolean();
            var done = new AtomicInteger();
            var refused = new AtomicInteger();
            bench.saga.script = (_, delivery, _, _) -> {
                if (away.get()) {
                    refused.incrementAndGet();
                    return new Handled.Later(Handled.Later.Cause.OUTAGE, "the journal is away");
                }
                if (done.incrementAndGet() == BEFORE) {
                    away.set(true);
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            bench.jobs(JOBS, 20);
            var intake = bench.start("a");
            await().atMost(Bench.PATIENCE).until(() -> refused.get() >= 6);
            await().atMost(Bench.PATIENCE).until(() -> intake.status().outage());
            // One job at a time tries whether it is over, beside those that were running when it began.
            assertThat(refused.get()).isLessThan(20);
            away.set(false);

            bench.awaitTerminal(JOBS);
            assertThat(done.get()).isEqualTo(JOBS);
            bench.assertExactlyOnce(JOBS);
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    private static void assertEveryJobEndedOnce(Bench bench) throws Exception {
        bench.awaitCommitted(JOBS);
        bench.assertExactlyOnce(JOBS);
        assertThat(bench.saga.ran).hasSize(JOBS).doesNotHaveDuplicates();
        assertThat(bench.deadLetters()).isEmpty();
    }
}
