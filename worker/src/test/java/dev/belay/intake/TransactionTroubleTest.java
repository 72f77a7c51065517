package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can happen to the producer and to its transaction while one is open.
@ExtendWith(TestBrokers.class)
@FaultRow({"E2", "E3"})
final class TransactionTroubleTest {
    private static final int JOBS = 8;

    @ParameterizedTest
    @CsvSource({"INTAKE_COMMIT, BEFORE", "INTAKE_COMMIT, AFTER"})
    void saysEverythingOnceWhenTheBrokerIsKilledInATransaction(FaultPoint point, Side side, TestBroker broker)
            throws Exception {
        assumeTrue(broker.restartable(), "the broker cannot be restarted");
        announcing(broker, point, side, _ -> {
            broker.kill();
            broker.start();
        });
    }

    @ParameterizedTest
    @CsvSource({"INTAKE_SEND, BEFORE", "INTAKE_COMMIT, BEFORE"})
    void saysEverythingOnceWhenItsProducerIsFenced(FaultPoint point, Side side, TestBroker broker) throws Exception {
        announcing(broker, point, side, bench -> {
            var properties = new ClientProperties(Map.of("bootstrap.servers", bench.servers));
            try (var other = new KafkaProducer<byte[], byte[]>(properties.announcer(bench.settings("a")))) {
                other.initTransactions();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"INTAKE_SEND, BEFORE", "INTAKE_COMMIT, BEFORE"})
    void saysEverythingOnceWhenTheBrokerHasForgottenItsProducer(FaultPoint point, Side side, TestBroker broker)
            throws Exception {
        announcing(broker, point, side, _ -> {
            throw new InvalidPidMappingException("scripted: the transactional id has expired");
        });
    }

    @Test
    void throwsAProducerAwayThatNeitherWritesARecordNorGivesItUp(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var first = new AtomicBoolean(true);
            bench.job("job-1", "set-a");
            bench.start(
                    bench.settings(
                            "a", Map.of("producer.request.timeout.ms", "2000", "producer.delivery.timeout.ms", "2500")),
                    new Intake.Hooks(
                            () -> {},
                            producer -> first.getAndSet(false) ? WatchedProducer.thatNeverWrites(producer) : producer));

            bench.awaitTerminal(1);
            bench.awaitCommitted(1);
            bench.assertExactlyOnce(1);
        }
    }

    @Test
    void triesAgainWhenItsNewProducerCannotBeMade(TestBroker broker) throws Exception {
        try (var _ = failing(FaultPoint.INTAKE_RENEW, Side.BEFORE);
                var _ = failing(FaultPoint.INTAKE_RENEW, Side.AFTER)) {
            announcing(broker, FaultPoint.INTAKE_COMMIT, Side.AFTER, _ -> {
                throw new TimeoutException("scripted: the answer is lost");
            });
        }
    }

    private static Faults.Arm failing(FaultPoint point, Side side) {
        return Faults.arm(point, side, () -> {
            throw new TimeoutException("scripted: no broker");
        });
    }

    private interface Trouble {
        void happen(Bench bench) throws Exception;
    }

    private static void announcing(TestBroker broker, FaultPoint point, Side side, Trouble trouble) throws Exception {
        try (var bench = new Bench(broker, 2);
                var _ = Faults.arm(point, side, () -> trouble.happen(bench))) {
            for (int n = 0; n < JOBS; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            var intake = bench.start("a");

            bench.awaitTerminal(JOBS);
            bench.job("job-last", "set-0");
            bench.awaitTerminal(JOBS + 1);
            bench.awaitCommitted(JOBS + 1);
            bench.assertExactlyOnce(JOBS + 1);
            assertThat(bench.saga.ran).hasSize(JOBS + 1);
            assertThat(intake.failure()).isNotDone();
        }
    }

    /// The broker ends it: 15 s after it began by default, here 3 s, and at most a second later.
    @Test
    void aTransactionLeftOpenByAKillHoldsUpReadersNoLongerThanItsTimeOut(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1);
                var dead = new Dead(bench, 3_000)) {
            dead.awaitOpen();
            // On the same partition of events, behind the open transaction.
            bench.send(bench.topics.events(), "set-a", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

            await().atMost(Bench.PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> bench.readableEvents() == 1);
        }
    }

    /// The transaction may stay open for longer than this test waits: only the slot's next life can end it.
    @Test
    void theNextLifeOfTheSlotEndsATransactionThatWasLeftOpenAndIsBackWithoutWaitingForASession(TestBroker broker)
            throws Exception {
        try (var bench = new Bench(broker, 1);
                var dead = new Dead(bench, 600_000)) {
            dead.awaitOpen();
            bench.start(dead.settings(), Intake.Hooks.NONE);

            bench.awaitTerminal(1);
            bench.awaitCommitted(1);
            bench.assertExactlyOnce(1);
            assertThat(bench.saga.ran).containsExactly("job-1#0");
        }
    }

    /// A worker that stands still for good with a transaction open: neither its announcer nor its poll thread does
    /// anything any more, and its session outlasts the test.
    private static final class Dead implements AutoCloseable {
        private final Bench bench;
        private final long transactionTimeout;
        private final CountDownLatch open = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private final AtomicBoolean frozen = new AtomicBoolean();
        private final Faults.Arm arm;

        Dead(Bench bench, long transactionTimeout) throws Exception {
            this.bench = bench;
            this.transactionTimeout = transactionTimeout;
            arm = Faults.arm(FaultPoint.INTAKE_OFFSETS, Side.AFTER, () -> {
                frozen.set(true);
                open.countDown();
                end.await();
            });
            bench.job("job-1", "set-a");
            bench.start(
                    settings(),
                    new Intake.Hooks(
                            () -> {
                                if (frozen.get()) {
                                    awaitEnd();
                                }
                            },
                            java.util.function.UnaryOperator.identity()));
        }

        IntakeSettings settings() {
            return bench.quiet(bench.settings(
                    "a",
                    Map.of(
                            "producer.transaction.timeout.ms",
                            Long.toString(transactionTimeout),
                            "consumer.session.timeout.ms",
                            "300000")));
        }

        void awaitOpen() throws InterruptedException {
            assertThat(open.await(90, TimeUnit.SECONDS)).isTrue();
        }

        private void awaitEnd() {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            end.countDown();
            arm.close();
        }
    }
}
