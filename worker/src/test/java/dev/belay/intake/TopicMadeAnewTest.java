package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A jobs topic that is deleted and made again is another topic: every message in it is new, wherever it stands.
@ExtendWith(TestBrokers.class)
final class TopicMadeAnewTest {
    private static final String NAMELESS = "{\"dataset\":\"set-a\",\"source\":{\"url\":\"/a.csv\"}}";

    @Test
    void takesEveryMessageOfATopicMadeAnewUnderARunningWorkerHoweverManyThereAre(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            var hold = new AtomicBoolean();
            var held = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            send(bench, 3);
            bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {
                                if (hold.get()) {
                                    held.countDown();
                                    awaitQuietly(release);
                                }
                            },
                            UnaryOperator.identity()));
            bench.awaitTerminal(3);
            hold.set(true);
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            makeAnew(bench);
            send(bench, 6);
            release.countDown();

            bench.awaitTerminal(9);
            bench.assertExactlyOnce(9);
        }
    }

    @Test
    void takesEveryMessageWhenTheOffsetOutlivedItsTopic(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            send(bench, 3);
            try (var _ = bench.start("a")) {
                bench.awaitCommitted(3);
            }
            var outlived = bench.committed();
            makeAnew(bench);
            // A transaction that was on its way when the topic went away.
            bench.setOffsets(outlived);
            send(bench, 6);
            bench.start("a");

            bench.awaitTerminal(9);
            bench.assertExactlyOnce(9);
        }
    }

    private static void send(Bench bench, int messages) throws Exception {
        for (int n = 0; n < messages; n++) {
            bench.raw("set-a", NAMELESS);
        }
    }

    private static void makeAnew(Bench bench) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bench.servers));
                var topics = new TopicAdmin(bench.settings("admin"), Bench.PATIENCE)) {
            admin.deleteTopics(List.of(bench.topics.jobs())).all().get();
            topics.create(new TopicPlan(1, OptionalInt.empty(), Duration.ofDays(1), Duration.ofDays(1)));
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
