package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Sums, quantiles, orders, lengths and frequent values are what a slow and plain way gives.
final class FindingsTest {
    @Test
    void sumsAreExactWhateverTheScales() throws Exception {
        ColumnProfile column =
                column("9223372036854775807\n9223372036854775807\n-0.001\n12345678901234567890123.5\n0\n");

        BigDecimal expected = new BigDecimal("9223372036854775807")
                .multiply(BigDecimal.TWO)
                .add(new BigDecimal("12345678901234567890123.499"));
        assertThat(column.sum()).hasValue(expected.toPlainString());
    }

    @Test
    void meanAndDeviationAreThoseOfTheSample() throws Exception {
        ColumnProfile column = column("1000000000001\n1000000000002\n1000000000003\n1000000000004\n");

        assertThat(column.mean()).hasValue(1000000000002.5);
        assertThat(column.standardDeviation().orElseThrow()).isCloseTo(1.2909944487358056, within(1e-15));
    }

    @Test
    void doublesAddUpWithoutLosingAnything() throws Exception {
        ColumnProfile column = column("1e300\n1e0\n-1e300\n2.5e-300\n1e0\n");

        assertThat(new BigDecimal(column.sum().orElseThrow())).isEqualByComparingTo("2");
    }

    @Test
    void quantilesOfFewRowsAreExact() throws Exception {
        ColumnProfile column = column(lines(IntStream.rangeClosed(1, 1000).map(row -> 1001 - row)));

        assertThat(column.quantiles())
                .containsExactly(
                        Map.entry("0.05", "50"),
                        Map.entry("0.25", "250"),
                        Map.entry("0.5", "500"),
                        Map.entry("0.75", "750"),
                        Map.entry("0.95", "950"));
        assertThat(column.quantileError()).isZero();
        assertThat(column.sortOrder()).isEqualTo(SortOrder.DESCENDING);
        assertThat(column.unique()).isTrue();
        assertThat(column.topValues()).isEmpty();
    }

    @Test
    void quantilesOfManyRowsAreWithinTheirError() throws Exception {
        var random = new SplittableRandom(7);
        ColumnProfile column = column(lines(IntStream.range(0, 100_000).map(row -> random.nextInt(1_000_000))));

        assertThat(column.quantileError()).isBetween(0.005, 0.03);
        column.quantiles()
                .forEach((part, value) -> assertThat(Double.parseDouble(value) / 1_000_000)
                        .isCloseTo(Double.parseDouble(part), within(2 * column.quantileError())));
    }

    @Test
    void datesAndTimesHaveQuantilesToo() throws Exception {
        assertThat(column("2026-01-01\n2026-01-02\n2026-01-03\n").quantiles()).containsEntry("0.5", "2026-01-02");
        assertThat(column("2026-01-01T10:00+02:00\n2026-01-02T00:00Z\n").quantiles())
                .containsEntry("0.05", "2026-01-01T08:00:00Z");
        assertThat(column("2026-01-01T10:00\n2026-01-02T00:00\n").quantiles())
                .containsEntry("0.95", "2026-01-02T00:00");
    }

    @Test
    void frequentValuesComeFirstAndTiesByTheirPlace() throws Exception {
        ColumnProfile column = column("b\n\"a \"\"x\"\"\"\nb\nc\n\"a \"\"x\"\"\"\nd\n");

        assertThat(column.topValues())
                .containsExactly(
                        new ColumnProfile.TopValue("b", 2),
                        new ColumnProfile.TopValue("a \"x\"", 2),
                        new ColumnProfile.TopValue("c", 1),
                        new ColumnProfile.TopValue("d", 1));
        assertThat(column.topValuesExact()).isTrue();
    }

    @Test
    void frequentValuesAmongManyAreEstimated() throws Exception {
        ColumnProfile column = column(IntStream.range(0, 200_000)
                .mapToObj(row -> row % 4 == 0 ? "often" : "v" + row)
                .collect(Collectors.joining("\n")));

        assertThat(column.topValuesExact()).isFalse();
        assertThat(column.topValues()).singleElement().satisfies(top -> {
            assertThat(top.value()).isEqualTo("often");
            assertThat((double) top.count()).isCloseTo(50_000, within(4_000.0));
        });
    }

    @Test
    void truthsAreCountedByWhatTheyMean() throws Exception {
        assertThat(column("true\nFALSE\nTrue\n").topValues())
                .containsExactly(new ColumnProfile.TopValue("true", 2), new ColumnProfile.TopValue("false", 1));
    }

    @Test
    void lengthsAndAsciiAreThoseOfTheBytes() throws Exception {
        ColumnProfile column = column("abc\n\u20ac\"\nx\n");

        assertThat(List.of(column.bytes(), (long) column.shortest(), (long) column.longest()))
                .containsExactly(8L, 1L, 4L);
        assertThat(column.ascii()).isFalse();
        assertThat(column("abc\nd\n").ascii()).isTrue();
    }

    @Test
    void ordersAreThoseOfTheTypeAndPassOverNulls() throws Exception {
        assertThat(column("9\n10\n\"\"\n10\n11\n").sortOrder()).isEqualTo(SortOrder.ASCENDING);
        assertThat(column("9\n10.0\n10.00\n9.5\n").sortOrder()).isEqualTo(SortOrder.NONE);
        assertThat(column("x9\nx10\n").sortOrder()).isEqualTo(SortOrder.DESCENDING);
        assertThat(column("7.0\n7\n").sortOrder()).isEqualTo(SortOrder.CONSTANT);
        assertThat(column("abcdefghi\nabcdefghj\nabcdefghj\n").sortOrder()).isEqualTo(SortOrder.ASCENDING);
    }

    private static ColumnProfile column(String values) throws Exception {
        return Reading.of("a\n" + values).profile().columns().getFirst();
    }

    private static String lines(IntStream numbers) {
        return numbers.mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    }
}
