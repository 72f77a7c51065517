package dev.belay.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TallyTest {
    @Test
    void losesNothingOfManyThreads() throws Exception {
        var tally = new Tally("a");
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<? extends Future<?>> adding = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() ->
                            IntStream.range(0, 1000).forEach(at -> tally.add(at % 2 == 0 ? "a" : "b", 2))))
                    .toList();
            for (Future<?> one : adding) {
                one.get();
            }
        }

        assertThat(tally.sums())
                .containsEntry("a", new Tally.Sum(2000, 4000))
                .containsEntry("b", new Tally.Sum(2000, 4000));
    }

    @Test
    void keepsNoMoreKindsApartThanItMay() {
        var tally = new Tally();
        for (int kind = 0; kind < Tally.MOST_KINDS + 10; kind++) {
            tally.count("kind-" + kind);
        }

        assertThat(tally.amounts()).hasSize(Tally.MOST_KINDS + 1).containsEntry(Tally.OTHER, 10.0);
    }
}
