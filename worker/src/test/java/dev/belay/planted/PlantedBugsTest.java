package dev.belay.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of the tests: each bug of `planted-bugs/` is put into the real code, and the test that is there for it must
/// fail. `-Dbelay.planted=NAME` plants those only whose names begin so.
final class PlantedBugsTest {
    private static final int LEAST = 20;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final List<String> LINES = new ArrayList<>();
    private static final AtomicInteger CAUGHT = new AtomicInteger();

    static Stream<PlantedBug> bugs() throws Exception {
        String wanted = System.getProperty("belay.planted", "");
        return PlantedBug.all().stream().filter(bug -> bug.name().startsWith(wanted));
    }

    @BeforeAll
    static void begin() {
        LINES.clear();
        CAUGHT.set(0);
    }

    @Test
    void theCatchersPassWhileNothingIsPlanted() throws Exception {
        List<String> catchers = bugs().map(PlantedBug::catcher).distinct().toList();
        try (PlantedCode code = PlantedCode.unchanged()) {
            Catcher.Outcome outcome = Catcher.run(code, catchers, DEADLINE.multipliedBy(3));

            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.run()).isGreaterThanOrEqualTo(catchers.size());
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isCaught(PlantedBug bug, @TempDir Path folder) throws Exception {
        long start = System.nanoTime();
        try (PlantedCode code = PlantedCode.with(bug, folder)) {
            Catcher.Outcome outcome = Catcher.run(code, List.of(bug.catcher()), DEADLINE);
            double seconds = (System.nanoTime() - start) / 1e9;

            boolean isCaught = !outcome.failures().isEmpty();
            CAUGHT.addAndGet(isCaught ? 1 : 0);
            LINES.add("%-42s %s %5.1f s  %s"
                    .formatted(
                            bug.name(),
                            isCaught ? "caught" : "MISSED",
                            seconds,
                            bug.catcher().replaceFirst(".*\\.(?=\\w+#)", "")));
            assertThat(outcome.run()).as("tests run").isPositive();
            assertThat(isCaught).as("%s: %s", bug.name(), bug.why()).isTrue();
        } catch (TimeoutException stillRunning) {
            LINES.add("%-42s MISSED: no end within %s".formatted(bug.name(), DEADLINE));
            throw stillRunning;
        }
    }

    @Test
    void thereAreAtLeastTwenty() throws Exception {
        assertThat(PlantedBug.all()).hasSizeGreaterThanOrEqualTo(LEAST);
    }

    @AfterAll
    static void print() throws Exception {
        LINES.forEach(System.out::println);
        System.out.printf("caught %d of %d planted bugs%n", CAUGHT.get(), bugs().count());
    }
}
