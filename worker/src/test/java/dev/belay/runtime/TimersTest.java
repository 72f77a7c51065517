package dev.belay.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TimersTest {
    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final int OTHERS = 5;

    @Test
    void aWorkerSaysThatItLivesHoweverLongAllElseTakes() throws Exception {
        var stuck = new CountDownLatch(2);
        var beats = new CountDownLatch(3);
        var never = new CountDownLatch(1);
        try (var timers = new Timers()) {
            for (int other = 0; other < OTHERS; other++) {
                timers.every(OFTEN, () -> {
                    stuck.countDown();
                    waitFor(never);
                });
            }
            assertThat(stuck.await(1, TimeUnit.MINUTES)).as("they wait").isTrue();

            timers.beat(OFTEN, beats::countDown);

            assertThat(beats.await(1, TimeUnit.MINUTES)).as("it beats").isTrue();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
