package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.NumberMarks;
import dev.belay.job.NumberMarks.Decimal;
import dev.belay.job.NumberMarks.Group;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Numbers come back as they were, however their marks were written.
final class MarkedNumbersTest {
    /// Marks and how they are written.
    record Marks(Decimal decimal, String group) {
        NumberMarks told() {
            return new NumberMarks(Optional.of(decimal), Group.of(group));
        }

        String write(BigDecimal number) {
            String plain = number.abs().toPlainString();
            int point = plain.indexOf('.');
            String whole = point < 0 ? plain : plain.substring(0, point);
            String fraction = point < 0 ? "" : decimal.mark() + plain.substring(point + 1);
            return (number.signum() < 0 ? "-" : "") + whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", group) + fraction;
        }
    }

    @Property(tries = 1000)
    void comeBackExactlyWhereThePersonTells(@ForAll("marks") Marks marks, @ForAll("numbers") List<BigDecimal> numbers)
            throws Exception {
        TableProfile profile = read(marks, numbers, new NumberWords(marks.told(), Map.of()));

        assertThat(profile.columns().getFirst().column().type()).isIn(ColumnType.INTEGER, ColumnType.DECIMAL);
        assertThat(rows(marks, numbers, profile)).isEqualTo(plain(numbers));
        checkStatistics(profile.columns().getFirst(), numbers);
    }

    @Property(tries = 1000)
    void comeBackExactlyWhereOneValueHasTwoMarks(
            @ForAll("marks") Marks marks, @ForAll("numbers") List<BigDecimal> numbers) throws Exception {
        List<BigDecimal> more = new java.util.ArrayList<>(numbers);
        more.add(new BigDecimal("-1234567.5"));

        TableProfile profile = read(marks, more, NumberWords.NONE);

        assertThat(profile.columns().getFirst().numberMarks())
                .map(NumberMarks::decimal)
                .contains(Optional.of(marks.decimal()));
        assertThat(rows(marks, more, profile)).isEqualTo(plain(more));
        checkStatistics(profile.columns().getFirst(), more);
    }

    private static void checkStatistics(ColumnProfile column, List<BigDecimal> numbers) {
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(column.sum().map(BigDecimal::new)).get().matches(found -> found.compareTo(sum) == 0);
        assertThat(column.min().map(BigDecimal::new))
                .get()
                .matches(found -> found.compareTo(java.util.Collections.min(numbers)) == 0);
        assertThat(column.max().map(BigDecimal::new))
                .get()
                .matches(found -> found.compareTo(java.util.Collections.max(numbers)) == 0);
    }

    private static TableBytes bytes(Marks marks, List<BigDecimal> numbers) {
        var text = new StringBuilder("n\tk\n");
        numbers.forEach(number -> text.append(marks.write(number)).append("\tx\n"));
        return Reading.bytes(text.toString());
    }

    private static TableProfile read(Marks marks, List<BigDecimal> numbers, NumberWords words) throws Exception {
        TableBytes bytes = bytes(marks, numbers);
        var reader = DelimitedReader.alone(ReadLimits.DEFAULTS);
        Dialect dialect = reader.detect(bytes, new ReadOptions(Optional.of('\t'), Optional.of("UTF-8")));
        var wishes = new Wishes(Map.of(), Map.of(), Optional.empty(), NullTexts.NONE, words);
        return reader.profile(bytes, dialect, wishes, Progress.SILENT);
    }

    private static List<String> rows(Marks marks, List<BigDecimal> numbers, TableProfile profile) throws Exception {
        var reader = DelimitedReader.alone(ReadLimits.DEFAULTS);
        try (TypedTable table = reader.rows(bytes(marks, numbers), profile)) {
            return CollectedRows.of(table, 2).stream()
                    .map(row -> Objects.toString(row.getFirst()))
                    .toList();
        }
    }

    private static List<String> plain(List<BigDecimal> numbers) {
        return numbers.stream().map(BigDecimal::toPlainString).toList();
    }

    @Provide
    Arbitrary<Marks> marks() {
        return Arbitraries.of(
                new Marks(Decimal.COMMA, "."),
                new Marks(Decimal.COMMA, " "),
                new Marks(Decimal.COMMA, "\u00a0"),
                new Marks(Decimal.COMMA, "\u202f"),
                new Marks(Decimal.COMMA, "'"),
                new Marks(Decimal.POINT, "'"),
                new Marks(Decimal.POINT, "\u2019"),
                new Marks(Decimal.POINT, ","),
                new Marks(Decimal.POINT, " "));
    }

    /// Of up to 38 digits, with up to 20 of them behind the point.
    @Provide
    Arbitrary<List<BigDecimal>> numbers() {
        Arbitrary<BigInteger> digits = Arbitraries.oneOf(
                Arbitraries.bigIntegers().between(BigInteger.valueOf(-10_000_000), BigInteger.valueOf(10_000_000)),
                Arbitraries.bigIntegers()
                        .between(
                                BigInteger.TEN.pow(38).negate().add(BigInteger.ONE),
                                BigInteger.TEN.pow(38).subtract(BigInteger.ONE)));
        return Combinators.combine(digits, Arbitraries.integers().between(0, 20))
                .as(BigDecimal::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
