package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountsTest {
    private final Counts counts = new Counts();

    @Test
    void theBrokerWasDownOnlyInLivesThatItsDeathFallsInto() {
        assertThat(counts.wasBrokerDownSince(0)).isFalse();

        counts.brokerKills.incrementAndGet();
        assertThat(counts.wasBrokerDownSince(0)).as("a life it was killed in").isTrue();

        counts.brokerReturns.incrementAndGet();
        assertThat(counts.wasBrokerDownSince(0)).as("that life, later").isTrue();
        assertThat(counts.wasBrokerDownSince(1))
                .as("a life that began afterwards")
                .isFalse();
    }
}
