package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ColumnProfileTest {
    @Test
    void keepsTheFirstValueAgainstEachNarrowerType() throws Exception {
        TableProfile profile = Reading.of("a,b\n1,1\n2,2.5\nx,3\n").profile();

        ColumnProfile text = profile.columns().getFirst();
        assertThat(text.ruledOut())
                .extracting(RuledOut::type)
                .containsExactly(
                        ColumnType.BOOLEAN,
                        ColumnType.INTEGER,
                        ColumnType.DECIMAL,
                        ColumnType.DOUBLE,
                        ColumnType.DATE,
                        ColumnType.TIME,
                        ColumnType.TIMESTAMP,
                        ColumnType.UUID,
                        ColumnType.JSON);
        assertThat(text.ruledOut().get(1).place().record()).hasValue(3);
        assertThat(text.ruledOut().get(1).place().line()).hasValue(4);
        assertThat(text.ruledOut().get(1).place().value()).hasValue("x");
        assertThat(text.ruledOut().get(4).place().value()).hasValue("1");
        ColumnProfile decimal = profile.columns().get(1);
        assertThat(decimal.ruledOut()).singleElement().satisfies(ruledOut -> {
            assertThat(ruledOut.type()).isEqualTo(ColumnType.INTEGER);
            assertThat(ruledOut.place().value()).hasValue("2.5");
            assertThat(ruledOut.place().column()).hasValue("b");
        });
    }

    @Test
    void keepsTheFirstThreeValuesAgainstAType() throws Exception {
        ColumnProfile text =
                Reading.of("a\n1\nx\n2\ny\nz\nw\n").profile().columns().getFirst();

        assertThat(text.ruledOut().get(1).type()).isEqualTo(ColumnType.INTEGER);
        assertThat(text.ruledOut().get(1).examples())
                .extracting(place -> "%d %d %d %s"
                        .formatted(
                                place.record().orElseThrow(),
                                place.line().orElseThrow(),
                                place.byteOffset().orElseThrow(),
                                place.value().orElseThrow()))
                .containsExactly("2 3 4 x", "4 5 8 y", "5 6 10 z");
    }

    @Test
    void saysWhyTimestampsWithAndWithoutZoneAreText() throws Exception {
        ColumnProfile text = Reading.of("a\n2026-01-01T10:00Z\n2026-01-01T10:00Z\n2026-01-01T10:00\n")
                .profile()
                .columns()
                .getFirst();

        assertThat(text.ruledOut())
                .filteredOn(ruledOut -> ruledOut.type() == ColumnType.TIMESTAMP)
                .singleElement()
                .satisfies(ruledOut -> {
                    assertThat(ruledOut.reason()).isEqualTo("some values have a time zone and some have none");
                    assertThat(ruledOut.place().record()).hasValue(3);
                });
    }

    @Test
    void saysWhyDatesAreTextWhoseOrderNothingTells() throws Exception {
        ColumnProfile text =
                Reading.of("a\n1/2/2026\n3/4/2026\n").profile().columns().getFirst();

        assertThat(text.ruledOut())
                .filteredOn(ruledOut -> ruledOut.type() == ColumnType.DATE)
                .singleElement()
                .satisfies(ruledOut -> {
                    assertThat(ruledOut.reason()).contains("read.dateOrder", "belay:dateOrder");
                    assertThat(ruledOut.examples()).hasSize(2);
                });
    }

    @Test
    void ordersDatesByTheDayWhateverTheyLookLike() throws Exception {
        ColumnProfile date = Reading.of("a\n31/12/2025\n1/2/2026\n15/1/2027\n")
                .profile()
                .columns()
                .getFirst();

        assertThat(date.dateFormat()).hasValue("d/m/y");
        assertThat(date.min()).hasValue("2025-12-31");
        assertThat(date.max()).hasValue("2027-01-15");
        assertThat(date.sortOrder()).isEqualTo(SortOrder.ASCENDING);
    }

    @Test
    void keepsTheWidestDigitsOfADecimal() throws Exception {
        TableProfile profile = Reading.of("a,b\n12345,0.5\n-1.25,0\n0.1,0.25\n").profile();

        assertThat(profile.columns())
                .extracting(ColumnProfile::column)
                .containsExactly(
                        new Column("a", "a", ColumnType.DECIMAL, 7, 2), new Column("b", "b", ColumnType.DECIMAL, 2, 2));
    }

    @Test
    void countsNullsAndOrdersByTheType() throws Exception {
        TableProfile profile = Reading.of("""
                        i,d,x,t,w,b,day
                        10,-1.5,1e2,b,2026-01-01T10:00+02:00,true,2026-02-01
                        9,100,-1e3,a,2026-01-01T09:00Z,false,2025-12-31
                        ,9.25,1e-9,\uD83D\uDE00,2026-01-01T08:30Z,,
                        -2,-20,5e1,\uFFFD,,true,2026-01-31
                        """).profile();

        assertThat(profile.columns())
                .extracting(column -> column.column().type().label()
                        + " " + column.min().orElseThrow()
                        + " " + column.max().orElseThrow()
                        + " " + column.nullCount()
                        + " " + column.distinctCount())
                .containsExactly(
                        "integer -2 10 1 3",
                        "decimal -20 100 0 4",
                        "double -1000.0 100.0 0 4",
                        "text a \uD83D\uDE00 0 4",
                        "timestamp 2026-01-01T10:00+02:00 2026-01-01T09:00Z 1 3",
                        "boolean false true 1 2",
                        "date 2025-12-31 2026-02-01 1 3");
    }

    @Test
    void comparesDecimalsByValueAndIntegersThatCameBefore() throws Exception {
        TableProfile profile = Reading.of("a\n7\n-3\n5.5\n7.01\n-3.10\n7.009\n").profile();

        assertThat(profile.columns().getFirst().min()).hasValue("-3.10");
        assertThat(profile.columns().getFirst().max()).hasValue("7.01");
    }

    @Test
    void hasNoBoundsWithoutValues() throws Exception {
        ColumnProfile column = Reading.of("a,b\n1,\n").profile().columns().get(1);

        assertThat(column.min()).isEmpty();
        assertThat(column.max()).isEmpty();
        assertThat(column.distinctCount()).isZero();
        assertThat(column.ruledOut()).isEmpty();
    }

    @Test
    void showsOnlyAnExcerptOfLongValues() throws Exception {
        ColumnProfile column =
                Reading.of("a\n" + "x".repeat(5000) + "\n").profile().columns().getFirst();

        assertThat(column.max().orElseThrow()).hasSizeLessThanOrEqualTo(64).endsWith("…");
    }

    @Test
    void anotherTypeInTheLastOfManyRowsStillCounts() throws Exception {
        String rows = IntStream.range(0, 200_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));

        TableProfile profile = Reading.of("a\n" + rows + "\nlate\n").profile();

        ColumnProfile column = profile.columns().getFirst();
        assertThat(column.column().type()).isEqualTo(ColumnType.TEXT);
        assertThat(column.ruledOut().get(1).place().record()).hasValue(200_001);
        assertThat(column.distinctExact()).isFalse();
        assertThat((double) column.distinctCount()).isCloseTo(200_001, within(10_000.0));
    }

    @Test
    void countsExactlyUpToTheBound() throws Exception {
        String rows = IntStream.range(0, 60_000)
                .mapToObj(row -> Integer.toString(row % 16_384))
                .collect(Collectors.joining("\n"));

        ColumnProfile column = Reading.of("a\n" + rows).profile().columns().getFirst();

        assertThat(column.distinctExact()).isTrue();
        assertThat(column.distinctCount()).isEqualTo(16_384);
    }

    @Test
    void aDemandedTypeHasNothingRuledOutAndTakesItsNameOverAHeader() throws Exception {
        TableProfile profile =
                Reading.of("a,a\n1,2\n").profile(Map.of("a", ColumnType.TEXT, "a_2", ColumnType.DECIMAL));

        assertThat(profile.columns())
                .extracting(column -> column.column().type())
                .containsExactly(ColumnType.TEXT, ColumnType.DECIMAL);
        assertThat(profile.columns())
                .allSatisfy(column -> assertThat(column.ruledOut()).isEmpty());
    }
}
