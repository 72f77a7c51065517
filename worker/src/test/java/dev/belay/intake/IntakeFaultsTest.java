package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.journal.JobState;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.saga.Handled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What becomes of a worker when one of intake's own parts breaks, and of messages made to break one.
@ExtendWith(TestBrokers.class)
final class IntakeFaultsTest {
    @Test
    void endsWhenTheAnnouncerBreaks(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-1", "set-a");
            var intake = bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {},
                            producer -> WatchedProducer.around(producer, _ -> {
                                throw new OutOfMemoryError("scripted");
                            })));

            assertThat(intake.failure())
                    .failsWithin(Bench.PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("scripted");
        }
    }

    @Test
    void endsWhenThePollLoopRunsOutOfMemory(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var intake = bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {
                                throw new OutOfMemoryError("scripted");
                            },
                            UnaryOperator.identity()));

            assertThat(intake.failure())
                    .failsWithin(Bench.PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("scripted");
        }
    }

    @Test
    void leavesMessagesWhereTheyAreThatArriveDuringTheStop(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var hold = new AtomicBoolean();
            var held = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            bench.job("job-1", "set-a");
            var intake = bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {
                                if (hold.get()) {
                                    held.countDown();
                                    awaitQuietly(release);
                                }
                            },
                            UnaryOperator.identity()));
            bench.awaitCommitted(1);
            hold.set(true);
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            bench.job("job-2", "set-a");
            var stop = new FutureTask<>(() -> intake.stop(Duration.ofSeconds(30)));
            var stopping = Thread.ofPlatform().start(stop);
            // It waits for nothing before the sorter takes nothing more.
            await().atMost(Bench.PATIENCE).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
            release.countDown();

            assertThat(stop.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(intake.failure()).isNotDone();
            bench.start("a");
            bench.awaitTerminal(2);
            bench.assertExactlyOnce(2);
        }
    }

    @Test
    @FaultRow("K4")
    void deadLettersAMessageWhoseHeadersFitIntoNoRetryTopic(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var headers = new RecordHeaders();
            headers.add("x", new byte[200_000]);
            byte[] value = "{\"jobId\":\"job-1\",\"dataset\":\"set-a\",\"source\":{\"url\":\"/a.csv\"}}"
                    .getBytes(StandardCharsets.UTF_8);
            bench.producer()
                    .send(new ProducerRecord<>(bench.topics.jobs(), null, null, null, value, headers))
                    .get();
            bench.start("a");

            bench.awaitDeadLetters(1);
            assertThat(bench.deadLetters().getFirst().reason().code()).isEqualTo("JOB_TOO_LARGE");
            assertThat(bench.saga.ran).isEmpty();
        }
    }

    @Test
    void takesTheMessagesOfAShorterTopicMadeAnewForNewOnes(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1);
                var admin = Admin.create(Map.of("bootstrap.servers", bench.servers))) {
            String nameless = "{\"dataset\":\"set-a\",\"source\":{\"url\":\"/a.csv\"}}";
            for (int n = 0; n < 3; n++) {
                bench.raw("set-a", nameless);
            }
            bench.start("a");
            bench.awaitTerminal(3);
            admin.deleteTopics(List.of(bench.topics.jobs())).all().get();
            try (var topics = new TopicAdmin(bench.settings("admin"), Bench.PATIENCE)) {
                topics.create(new TopicPlan(1, OptionalInt.empty(), Duration.ofDays(1), Duration.ofDays(1)));
            }
            bench.raw("set-a", nameless);

            bench.awaitTerminal(4);
            bench.assertExactlyOnce(4);
        }
    }

    @Test
    @FaultRow("T1")
    void endsAnOutageInTimeWhenTheClockIsSetBack(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var wrong = new AtomicReference<>(Duration.ZERO);
            var once = new AtomicBoolean();
            bench.saga.on("job-1", (_, delivery, _, _) -> {
                if (once.compareAndSet(false, true)) {
                    wrong.set(Duration.ofHours(1));
                    return new Handled.Later(Handled.Later.Cause.OUTAGE, "the disk is full");
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            });
            bench.job("job-1", "set-a");
            var parts = new Intake.Parts(bench.saga, bench.journal, bench.saga::announced);
            try (var intake =
                    new Intake(bench.settings("a"), parts, () -> Instant.now().minus(wrong.get()), Intake.Hooks.NONE)) {
                intake.start();

                bench.awaitTerminal(1);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
