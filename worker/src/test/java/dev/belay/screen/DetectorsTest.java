package dev.belay.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is found and what is left alone, as data: `detectors.txt`.
class DetectorsTest {
    private static final Screening BUILT_IN = new Screening(List.of(), 3, 1_000);

    record Case(String value, Set<String> found, String why) {
        @Override
        public String toString() {
            return value + ": " + why;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatTheCaseSays(Case one) {
        assertThat(likely(one.value())).as(one.why()).isEqualTo(one.found());
    }

    /// A value is found wherever it lies among the bytes of a file.
    @ParameterizedTest
    @MethodSource("cases")
    void looksAtNothingBesideTheValue(Case one) {
        byte[] value = one.value().getBytes(UTF_8);
        byte[] file = ("9,@x" + one.value() + "7@a.ch,1").getBytes(UTF_8);
        ColumnScreen screen = BUILT_IN.column();

        screen.look(file, 4, 4 + value.length, 1, 2);

        assertThat(names(screen)).as(one.why()).isEqualTo(one.found());
    }

    @Test
    void everyDetectorHasCasesForAndAgainst() throws IOException {
        Set<String> found = cases().flatMap(one -> one.found().stream()).collect(Collectors.toCollection(TreeSet::new));

        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Detector.values()).map(Detector::label).toList());
        assertThat(cases().filter(one -> one.found().isEmpty()).count()).isGreaterThan(40);
    }

    /// A tenth of all numbers passes a check with ten outcomes.
    @Test
    void takesNumbersThatPassByChanceForWhatTheyAre() {
        ColumnScreen screen = BUILT_IN.column();
        for (long number = 0; number < 1_000; number++) {
            byte[] value =
                    Long.toString(4_000_000_000_000_000L + number * 7_919).getBytes(UTF_8);
            screen.look(value, 0, value.length, number + 1, number + 2);
        }

        Finding finding = screen.findings("number").getFirst();

        assertThat(finding.detector()).isEqualTo("card");
        assertThat(finding.found()).isBetween(50L, 200L);
        assertThat(finding.shaped()).isEqualTo(1_000);
        assertThat(finding.certainty()).isEqualTo(Finding.Certainty.CHANCE);
    }

    private static Set<String> likely(String value) {
        byte[] bytes = value.getBytes(UTF_8);
        ColumnScreen screen = BUILT_IN.column();
        screen.look(bytes, 0, bytes.length, 1, 2);
        return names(screen);
    }

    private static Set<String> names(ColumnScreen screen) {
        return screen.findings("column").stream().map(Finding::detector).collect(Collectors.toCollection(TreeSet::new));
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = Objects.requireNonNull(DetectorsTest.class.getResourceAsStream("detectors.txt"))) {
            return new String(in.readAllBytes(), UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(DetectorsTest::read)
                            .toList()
                            .stream();
        }
    }

    private static Case read(String line) {
        String[] parts = line.split(" \\| ", 3);
        Set<String> found = Stream.of(parts[1].split(" "))
                .filter(name -> !name.endsWith("-"))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Case(parts[0].replace('␣', ' '), found, parts[2]);
    }
}
