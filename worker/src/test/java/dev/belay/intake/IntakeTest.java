package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.FailureCode;
import dev.belay.job.FsyncFailed;
import dev.belay.job.JobFailure;
import dev.belay.journal.JobState;
import dev.belay.journal.Verdict;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.saga.Handled;
import dev.belay.schemas.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBrokers.class)
final class IntakeTest {
    @Test
    void announcesEachJobOnceAndMovesTheOffsets(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 3)) {
            for (int n = 0; n < 30; n++) {
                bench.job("job-" + n, "set-" + n % 7);
            }
            bench.start("a");

            bench.awaitTerminal(30);
            bench.awaitCommitted(30);
            bench.assertExactlyOnce(30);
            assertThat(bench.committed().values())
                    .allMatch(offset -> offset.metadata().startsWith("belay2 journal-1 "));
            await().atMost(Bench.PATIENCE).until(() -> bench.saga.noted.get() == 30);
        }
    }

    @Test
    @FaultRow("P5")
    void dropsADuplicateAndDeadLettersAnotherRequestUnderTheSameId(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-1", "set-a");
            bench.job("job-1", "set-a");
            bench.raw("set-a", "{\"jobId\":\"job-1\",\"dataset\":\"set-a\",\"source\":{\"url\":\"/other.csv\"}}");
            bench.start("a");

            bench.awaitDeadLetters(1);
            bench.awaitCommitted(3);
            bench.assertExactlyOnce(1);
            assertThat(bench.deadLetters().getFirst().reason().code()).isEqualTo("JOB_ID_CONFLICT");
        }
    }

    @Test
    @FaultRow("E3")
    void announcesWhatTheJournalKnowsWhenTheWorkerDiedBeforeItsTransaction(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var dead = new AtomicBoolean();
            var reached = new CountDownLatch(1);
            bench.job("job-1", "set-a");
            var first = bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {},
                            producer -> WatchedProducer.around(producer, commit -> {
                                reached.countDown();
                                parkWhile(() -> !dead.get());
                                commit.run();
                            })));
            assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();

            bench.start("a");
            bench.awaitTerminal(1);
            dead.set(true);
            assertThat(first.failure()).failsWithin(Duration.ofSeconds(60));
            bench.job("job-2", "set-a");
            bench.awaitTerminal(2);

            bench.assertExactlyOnce(2);
            assertThat(bench.saga.ran).containsExactly("job-1#0", "job-2#0");
        }
    }

    @Test
    @FaultRow("E3")
    void announcesNothingAgainWhenTheJournalNeverHeardOfTheCommit(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            bench.saga.forgetful = true;
            for (int n = 0; n < 10; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            try (var _ = bench.start("a")) {
                bench.awaitCommitted(10);
            }
            bench.start("a");
            bench.job("job-last", "set-a");

            bench.awaitTerminal(11);
            bench.assertExactlyOnce(11);
            assertThat(bench.saga.ran).hasSize(11);
        }
    }

    @Test
    @FaultRow("K1")
    void findsInTheBitmapWhatWasDoneAboveAnUnfinishedJob(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.saga.on("slow", (_, _, _, stop) -> {
                parkWhile(() -> !stop.isRaised());
                return new Handled.Later(Handled.Later.Cause.STOPPED, "told to");
            });
            bench.job("slow", "set-slow");
            for (int n = 0; n < 10; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            try (var first = bench.start("a")) {
                bench.awaitTerminal(10);
                assertThat(bench.committedJobs()).isZero();
                assertThat(first.stop(Duration.ofSeconds(30))).isTrue();
            }
            int before = bench.saga.ran.size();
            bench.saga.forgetful = true;
            bench.saga.on("slow", ScriptedSaga.Script.COMPLETE);
            bench.start("a");

            bench.awaitCommitted(11);
            bench.assertExactlyOnce(11);
            assertThat(bench.saga.ran.subList(before, bench.saga.ran.size())).containsExactly("slow#0");
        }
    }

    @Test
    @FaultRow("K2")
    void handsPartitionsOverToASecondWorkerInTheMiddleOfJobs(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 4)) {
            var gate = new CountDownLatch(1);
            bench.saga.script = (_, delivery, _, stop) -> {
                while (gate.getCount() > 0 && !stop.isRaised()) {
                    gate.await(20, TimeUnit.MILLISECONDS);
                }
                return stop.isRaised()
                        ? new Handled.Later(Handled.Later.Cause.STOPPED, "told to")
                        : ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            for (int n = 0; n < 40; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            bench.start("a");
            await().atMost(Bench.PATIENCE).until(() -> bench.saga.ran.size() == 4);
            var second = bench.start("b");
            await().atMost(Bench.PATIENCE)
                    .until(() -> !second.status().partitions().isEmpty());
            gate.countDown();

            bench.awaitTerminal(40);
            bench.awaitCommitted(40);
            bench.assertExactlyOnce(40);
        }
    }

    @Test
    @FaultRow({"K2", "E3"})
    void doesNotLetAStalledWorkerAnnounceWhatItHasLost(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var stalled = new AtomicBoolean();
            var finish = new CountDownLatch(1);
            var once = new AtomicBoolean();
            bench.saga.forgetful = true;
            bench.saga.on("job-1", (_, delivery, _, _) -> {
                if (once.compareAndSet(false, true)) {
                    stalled.set(true);
                    finish.await(120, TimeUnit.SECONDS);
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            });
            bench.job("job-1", "set-a");
            var first = bench.start(
                    bench.settings("a", java.util.Map.of("consumer.max.poll.interval.ms", "7000")),
                    new Intake.Hooks(() -> parkWhile(stalled::get), java.util.function.UnaryOperator.identity()));
            await().atMost(Bench.PATIENCE).untilTrue(stalled);
            var second = bench.start("b");
            await().atMost(Bench.PATIENCE)
                    .until(() -> second.status().partitions().stream()
                            .anyMatch(partition -> partition.name().startsWith(bench.topics.jobs() + "-")));

            finish.countDown();
            bench.awaitTerminal(1);
            assertThat(first.isQuiet()).isFalse();
            stalled.set(false);
            await().atMost(Bench.PATIENCE).until(first::isQuiet);
            bench.job("job-2", "set-a");
            bench.awaitTerminal(2);
            bench.awaitCommitted(2);

            bench.assertExactlyOnce(2);
        }
    }

    @Test
    @FaultRow("K3")
    void keepsItsPartitionDuringAJobLongerThanThePollInterval(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.saga.on("long", (_, delivery, _, stop) -> {
                long end = System.nanoTime() + Duration.ofSeconds(9).toNanos();
                parkWhile(() -> System.nanoTime() - end < 0 && !stop.isRaised());
                return stop.isRaised()
                        ? new Handled.Later(Handled.Later.Cause.STOPPED, "told to")
                        : ScriptedSaga.over(delivery, JobState.COMPLETED);
            });
            bench.job("long", "set-long");
            bench.job("short", "set-short");
            bench.start(
                    bench.settings("a", java.util.Map.of("consumer.max.poll.interval.ms", "6500")), Intake.Hooks.NONE);

            bench.awaitTerminal(2);
            bench.assertExactlyOnce(2);
            assertThat(bench.terminal()).containsExactly("short job.completed", "long job.completed");
            assertThat(bench.saga.ran).hasSize(2);
        }
    }

    @Test
    @FaultRow({"E3", "K1"})
    void sendsNothingTwiceWhenTheAnswerToACommitIsLost(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            var commits = new AtomicInteger();
            bench.saga.forgetful = true;
            for (int n = 0; n < 20; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {},
                            producer -> WatchedProducer.around(producer, commit -> {
                                int number = commits.incrementAndGet();
                                if (number % 3 != 1) {
                                    commit.run();
                                }
                                if (number % 3 != 0) {
                                    throw new org.apache.kafka.common.errors.TimeoutException("the answer is lost");
                                }
                            })));

            bench.awaitTerminal(20);
            bench.job("job-last", "set-a");
            bench.awaitTerminal(21);
            bench.awaitCommitted(21);

            bench.assertExactlyOnce(21);
            // One of each kind at least: neither committed nor answered, committed but not answered, both. A fast
            // machine puts all twenty into one transaction.
            assertThat(commits.get()).isGreaterThanOrEqualTo(3);
            assertThat(bench.saga.ran).hasSize(21);
        }
    }

    @Test
    @FaultRow("E2")
    void goesOnWhenTheBrokerWasKilled(TestBroker broker) throws Exception {
        assumeTrue(broker.restartable(), "the broker cannot be restarted");
        try (var bench = new Bench(broker, 2)) {
            for (int n = 0; n < 200; n++) {
                bench.job("job-" + n, "set-" + n % 10);
            }
            var some = new CountDownLatch(60);
            bench.saga.script = (_, delivery, _, _) -> {
                some.countDown();
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            bench.start("a");
            assertThat(some.await(90, TimeUnit.SECONDS)).isTrue();
            broker.kill();
            broker.start();

            bench.awaitCommitted(200);
            bench.assertExactlyOnce(200);
            assertThat(bench.saga.ran).hasSize(200);
        }
    }

    @Test
    @FaultRow("K2")
    void handsOverUnderTheConsumerProtocolToo(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 4)) {
            var gate = new CountDownLatch(1);
            bench.saga.script = (_, delivery, _, stop) -> {
                while (gate.getCount() > 0 && !stop.isRaised()) {
                    gate.await(20, TimeUnit.MILLISECONDS);
                }
                return stop.isRaised()
                        ? new Handled.Later(Handled.Later.Cause.STOPPED, "told to")
                        : ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            for (int n = 0; n < 40; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            bench.start(underConsumerProtocol(bench.settings("a")), Intake.Hooks.NONE);
            await().atMost(Bench.PATIENCE).until(() -> bench.saga.ran.size() == 4);
            var second = bench.start(underConsumerProtocol(bench.settings("b")), Intake.Hooks.NONE);
            await().atMost(Bench.PATIENCE)
                    .until(() -> !second.status().partitions().isEmpty());
            gate.countDown();

            bench.awaitTerminal(40);
            bench.awaitCommitted(40);
            bench.assertExactlyOnce(40);
        }
    }

    private static IntakeSettings underConsumerProtocol(IntakeSettings settings) {
        var group = settings.group();
        return new IntakeSettings(
                settings.topics(),
                settings.slot(),
                new IntakeSettings.Group(group.id(), GroupProtocol.CONSUMER, group.session(), group.revokeWithin()),
                settings.flow(),
                settings.emission(),
                settings.kafka());
    }

    @Test
    @FaultRow("E4")
    void cutsAnEventThatIsTooLargeToAPointer(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            String warnings = "\"" + "w".repeat(500) + "\"" + (",\"" + "w".repeat(500) + "\"").repeat(20);
            bench.saga.on("wide", (_, delivery, _, _) -> {
                var over = ScriptedSaga.over(delivery, JobState.COMPLETED);
                return new Verdict.Over(
                        over.state(), over.receiptJson().replaceFirst("\\{", "{\"warnings\":[" + warnings + "],"));
            });
            bench.job("wide", "set-a");
            bench.start(bench.settings("a", java.util.Map.of("producer.max.request.size", "4000")), Intake.Hooks.NONE);

            bench.awaitTerminal(1);
            bench.awaitCommitted(1);
            var receipt = (dev.belay.schemas.Receipt) bench.events().stream()
                    .filter(event -> event.type().terminal())
                    .findFirst()
                    .orElseThrow()
                    .data();
            assertThat(receipt.warnings()).isEmpty();
            assertThat(receipt.truncated()).anyMatch(cut -> cut.field().equals("warnings") && cut.total() == 21);
        }
    }

    @Test
    void endsWhenAnotherWorkerTakesItsSlot(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-1", "set-a");
            var first = bench.start("a");
            bench.awaitTerminal(1);
            bench.start("a");

            assertThat(first.failure())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("slot \"a\"");
            bench.job("job-2", "set-a");
            bench.awaitTerminal(2);
            bench.assertExactlyOnce(2);
        }
    }

    @Test
    @FaultRow("K4")
    void deadLettersWhatIsNoJobAndGoesOn(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.raw("k", "{\"dataset\":");
            bench.raw("k", "{\"jobId\":\"j\",\"dataset\":\"a\",\"source\":{\"url\":\"/a\"},\"colour\":\"red\"}");
            bench.raw("k", "{\"dataset\":\"../a\",\"source\":{\"url\":\"/a\"}}");
            bench.raw("k", "x".repeat(5000));
            bench.raw("k", "{\"specversion\":\"9.9\",\"type\":\"dev.belay.job.requested\",\"data\":{}}");
            bench.producer()
                    .send(new ProducerRecord<>(bench.topics.jobs(), new byte[] {1}, null))
                    .get();
            bench.job("good", "set-a");
            bench.start("a");

            bench.awaitTerminal(1);
            bench.awaitCommitted(7);
            assertThat(bench.deadLetters())
                    .extracting(letter -> letter.reason().code())
                    .containsExactly(
                            "JOB_INVALID", "JOB_INVALID", "JOB_INVALID", "JOB_TOO_LARGE", "JOB_INVALID", "JOB_INVALID");
            assertThat(bench.deadLetters().get(1).reason().message()).contains("/colour");
            assertThat(bench.deadLetters().get(3).reason().message())
                    .contains("5,000")
                    .contains("4,096");
            assertThat(bench.deadLetters().get(2).origin().offset()).isEqualTo(2);
        }
    }

    @Test
    void sendsAJobRoundItsRetryTopicsAndThenToTheDeadLetters(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            bench.saga.on(
                    "job-1",
                    (_, delivery, _, _) -> delivery.hop() < 3
                            ? new Verdict.Retry(Instant.now().plusMillis(100))
                            : ScriptedSaga.over(delivery, JobState.FAILED));
            bench.job("job-1", "set-a");
            bench.start("a");

            bench.awaitTerminal(1);
            bench.assertExactlyOnce(1);
            assertThat(bench.saga.ran).containsExactly("job-1#0", "job-1#1", "job-1#2", "job-1#3");
            assertThat(bench.typesOf("job-1").stream().filter(EventType.JOB_ROLLED_BACK::equals))
                    .hasSize(3);
            var letter = bench.deadLetters().getFirst();
            assertThat(letter.jobId()).isEqualTo("job-1");
            assertThat(letter.reason().code()).isEqualTo("EMPTY_FILE");
            assertThat(letter.origin().topic()).isEqualTo(bench.topics.jobs());
            assertThat(new String(letter.originalValue().orElseThrow(), StandardCharsets.UTF_8))
                    .contains("\"jobId\":\"job-1\"");
        }
    }

    @Test
    void keepsTheOrderOfADatasetAndRunsDatasetsBesideEachOther(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var order = Collections.synchronizedList(new java.util.ArrayList<String>());
            var active = new AtomicInteger();
            var both = new CountDownLatch(2);
            bench.saga.script = (request, delivery, _, _) -> {
                if (delivery.job().value().endsWith("-0")) {
                    both.countDown();
                    assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
                }
                if (request.dataset().value().equals("a")) {
                    assertThat(active.incrementAndGet()).isEqualTo(1);
                    order.add(delivery.job().value());
                    active.decrementAndGet();
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            for (int n = 0; n < 20; n++) {
                bench.job("a-" + n, "a");
            }
            bench.job("b-0", "b");
            bench.start("w");

            bench.awaitTerminal(21);
            assertThat(order)
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 20)
                            .mapToObj(n -> "a-" + n)
                            .toList());
        }
    }

    @Test
    @FaultRow("J1")
    void waitsThroughAnOutageWithNothingDeadLettered(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var out = new AtomicBoolean(true);
            var refused = new AtomicInteger();
            bench.saga.script = (_, delivery, _, _) -> {
                if (out.get()) {
                    refused.incrementAndGet();
                    return new Handled.Later(Handled.Later.Cause.OUTAGE, "the journal is away");
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            for (int n = 0; n < 10; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            var intake = bench.start("a");
            await().atMost(Bench.PATIENCE).until(() -> refused.get() >= 4);
            // The script counts before intake has heard of it.
            await().atMost(Bench.PATIENCE).until(() -> intake.status().outage());
            out.set(false);

            bench.awaitTerminal(10);
            bench.assertExactlyOnce(10);
            assertThat(bench.deadLetters()).isEmpty();
            assertThat(intake.status().outage()).isFalse();
        }
    }

    @Test
    @FaultRow("K6")
    void refusesPartitionsOfAnotherJournal(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-1", "set-a");
            try (var _ = bench.start("a")) {
                bench.awaitCommitted(1);
            }
            bench.journal = "journal-2";
            var foreign = bench.start("a");

            assertThat(foreign.failure())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(JobFailure.class)
                    .withMessageContaining(FailureCode.FOREIGN_JOURNAL.name())
                    .withMessageContaining("journal-1");
        }
    }

    @Test
    void takesNoMoreThanTheWindowAboveAnUnfinishedJob(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var gate = new CountDownLatch(1);
            bench.saga.on("slow", (_, delivery, _, _) -> {
                gate.await(120, TimeUnit.SECONDS);
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            });
            bench.job("slow", "set-slow");
            for (int n = 0; n < 200; n++) {
                bench.job("job-" + n, "set-" + n % 5);
            }
            bench.start("a");
            bench.awaitTerminal(63);
            assertThat(bench.saga.ran).hasSize(64);
            gate.countDown();

            bench.awaitTerminal(201);
            bench.awaitCommitted(201);
            bench.assertExactlyOnce(201);
        }
    }

    @Test
    @FaultRow("K5")
    void standsStillWhileTheDeadLetterTopicIsMissing(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1);
                var admin = org.apache.kafka.clients.admin.Admin.create(
                        java.util.Map.of("bootstrap.servers", bench.servers))) {
            var intake = bench.start("a");
            bench.job("job-1", "set-a");
            bench.awaitCommitted(1);
            admin.deleteTopics(List.of(bench.topics.deadLetters())).all().get();
            bench.raw("k", "no job");
            await().atMost(Bench.PATIENCE)
                    .until(() -> intake.status().partitions().stream()
                            .anyMatch(partition -> partition.stalled().isPresent()));
            assertThat(bench.committedJobs()).isEqualTo(1);

            try (var topics = new TopicAdmin(bench.settings("admin"), Bench.PATIENCE)) {
                assertThat(topics.check(TopicPlan.DEFAULT))
                        .anyMatch(difference -> difference.mend().equals("belay topics create"));
                topics.create(TopicPlan.DEFAULT);
            }
            bench.awaitCommitted(2);
            assertThat(bench.deadLetters()).hasSize(1);
        }
    }

    @Test
    void stopsAtASafePointAndMayBeStoppedAtAnyTime(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var never = bench.make(bench.settings("n"), Intake.Hooks.NONE);
            assertThat(never.stop(Duration.ofSeconds(1))).isTrue();
            bench.saga.on("slow", (_, _, _, stop) -> {
                parkWhile(() -> !stop.isRaised());
                return new Handled.Later(Handled.Later.Cause.STOPPED, "told to");
            });
            bench.job("quick", "set-q");
            bench.job("slow", "set-s");
            var intake = bench.start("a");
            await().atMost(Bench.PATIENCE).until(() -> bench.saga.ran.size() == 2);

            assertThat(intake.stop(Duration.ofSeconds(30))).isTrue();
            assertThat(intake.stop(Duration.ofSeconds(30))).isTrue();
            assertThat(bench.terminal()).containsExactly("quick job.completed");
            assertThat(bench.committedJobs()).isEqualTo(1);
        }
    }

    @Test
    @FaultRow("J8")
    void endsWithAnErrorThatCannotBeTrustedAndAnnouncesNothing(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.saga.script = (_, _, _, _) -> {
                throw new FsyncFailed("a file of the test", new java.io.IOException("EIO"));
            };
            bench.job("job-1", "set-a");
            bench.job("job-2", "set-a");
            var intake = bench.start("a");

            assertThat(intake.failure())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(FsyncFailed.class);
            intake.stop(Duration.ofSeconds(5));
            assertThat(bench.saga.ran).containsExactly("job-1#0");
            assertThat(bench.terminal()).isEmpty();
        }
    }

    @Test
    void handsAJobInAgainAfterADefect(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var once = new AtomicBoolean();
            bench.saga.script = (_, delivery, _, _) -> {
                if (once.compareAndSet(false, true)) {
                    throw new IllegalStateException("a defect");
                }
                return ScriptedSaga.over(delivery, JobState.COMPLETED);
            };
            bench.job("job-1", "set-a");
            bench.start("a");

            bench.awaitTerminal(1);
            assertThat(bench.saga.ran).hasSize(2);
        }
    }

    @Test
    void readsCloudEventsInBothModes(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            String data = "{\"jobId\":\"%s\",\"dataset\":\"set-a\",\"source\":{\"url\":\"/a.csv\"}}";
            bench.raw(
                    "set-a",
                    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/p\",\"type\":\"dev.belay.job.requested\",\"data\":"
                            + data.formatted("structured") + "}");
            var headers = new RecordHeaders();
            headers.add("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8));
            headers.add("ce_type", "dev.belay.job.requested".getBytes(StandardCharsets.UTF_8));
            headers.add("ce_id", "2".getBytes(StandardCharsets.UTF_8));
            headers.add("ce_source", "/p".getBytes(StandardCharsets.UTF_8));
            bench.producer()
                    .send(new ProducerRecord<>(
                            bench.topics.jobs(),
                            null,
                            null,
                            "set-a".getBytes(StandardCharsets.UTF_8),
                            data.formatted("binary").getBytes(StandardCharsets.UTF_8),
                            headers))
                    .get();
            bench.raw("set-a", "{\"dataset\":\"set-a\",\"source\":{\"url\":\"/a.csv\"}}");
            bench.start("a");

            bench.awaitTerminal(3);
            var jobs = new HashSet<>(bench.terminal());
            assertThat(jobs)
                    .contains("structured job.completed", "binary job.completed")
                    .hasSize(3);
        }
    }

    @Test
    void reportsHowManySmallJobsItDoesInASecond(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 4)) {
            int jobs = 2000;
            bench.jobs(jobs, 50);
            long from = System.nanoTime();
            bench.start("a");
            bench.awaitCommitted(jobs);
            System.out.printf("%d small jobs in %.1f s%n", jobs, (System.nanoTime() - from) / 1e9);
            bench.assertExactlyOnce(jobs);
        }
    }

    private static void parkWhile(java.util.function.BooleanSupplier condition) {
        while (condition.getAsBoolean()) {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(5).toNanos());
        }
    }
}
