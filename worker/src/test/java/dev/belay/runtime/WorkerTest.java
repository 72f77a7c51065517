package dev.belay.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkerTest {
    @Test
    void saysThatItLivesSeveralTimesBeforeItIsTakenForDead() {
        for (Duration ownerLostAfter : List.of(Duration.ofSeconds(6), Duration.ofSeconds(60), Duration.ofDays(1))) {
            Duration beat = Worker.beatEvery(ownerLostAfter);

            assertThat(beat).isPositive().isLessThanOrEqualTo(ownerLostAfter.dividedBy(4));
            assertThat(beat).isLessThanOrEqualTo(Duration.ofSeconds(5));
        }
    }
}
