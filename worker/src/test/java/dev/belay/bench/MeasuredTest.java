package dev.belay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.bench.Measured.Spread;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MeasuredTest {
    @Test
    void takesTheMiddleOfAnOddAndTheMeanOfTheTwoMiddleOnesOfAnEvenNumber() {
        assertThat(Spread.of(LongStream.of(9, 1, 3))).contains(new Spread(1, 3, 9));
        assertThat(Spread.of(LongStream.of(8, 1, 4, 2))).contains(new Spread(1, 3, 8));
    }

    @Test
    void hasNoMiddleOfNothing() {
        assertThat(Spread.of(LongStream.empty())).isEmpty();
    }
}
