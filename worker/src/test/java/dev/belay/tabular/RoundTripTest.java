package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.ColumnType;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What is written comes back: any table, any delimiter, any line end, quoted where it must be or everywhere.
final class RoundTripTest {
    /// A table of texts and how it is written.
    record Written(List<List<String>> rows, char delimiter, String lineEnd, boolean quoteAll) {
        String text() {
            var text = new StringBuilder();
            int columns = rows.isEmpty() ? 1 : rows.getFirst().size();
            List<String> header = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                header.add("c" + column);
            }
            append(text, header);
            rows.forEach(row -> append(text, row));
            return text.toString();
        }

        private void append(StringBuilder text, List<String> row) {
            for (int field = 0; field < row.size(); field++) {
                text.append(field == 0 ? "" : delimiter).append(written(row.get(field), row.size() == 1));
            }
            text.append(lineEnd);
        }

        private String written(String value, boolean alone) {
            boolean needed =
                    value.indexOf(delimiter) >= 0 || value.matches("(?s).*[\"\r\n].*") || (alone && value.isEmpty());
            return quoteAll || needed ? '"' + value.replace("\"", "\"\"") + '"' : value;
        }
    }

    @Property(tries = 1000)
    void everyTextComesBackAsItWasWritten(@ForAll("tables") Written written) throws Exception {
        TableBytes bytes = Reading.bytes(written.text());
        var reader = DelimitedReader.alone(ReadLimits.DEFAULTS);
        Dialect dialect = reader.detect(bytes, new ReadOptions(Optional.of(written.delimiter()), Optional.of("UTF-8")));
        Map<String, ColumnType> asText = new HashMap<>();
        dialect.names().forEach(name -> asText.put(name, ColumnType.TEXT));

        TableProfile profile = reader.profile(bytes, dialect, asText, Progress.SILENT);

        assertThat(profile.rejected()).isZero();
        assertThat(new Reading(bytes, ReadLimits.DEFAULTS).rows(profile)).isEqualTo(written.rows());
    }

    @Property(tries = 1000)
    void theSecondWalkGivesTheRowsTheFirstCountedWhateverTheTypes(
            @ForAll("typedTables") Written written, @ForAll("demands") Map<String, ColumnType> demands)
            throws Exception {
        TableBytes bytes = Reading.bytes(written.text());
        var reading = new Reading(bytes, ReadLimits.DEFAULTS);

        TableProfile profile = reading.profile(demands);
        List<List<String>> rows = reading.rows(profile);

        assertThat(profile.records()).isEqualTo(written.rows().size());
        assertThat((long) rows.size()).isEqualTo(profile.rows());
        for (int column = 0; column < profile.columns().size(); column++) {
            int at = column;
            long nulls = rows.stream().filter(row -> row.get(at).isEmpty()).count();
            assertThat(profile.columns().get(column).nullCount()).isEqualTo(nulls);
        }
    }

    @Provide
    Arbitrary<Written> tables() {
        Arbitrary<String> value = Arbitraries.strings()
                .withChars("ab,;|\t\"\r\n '\\.0")
                .withChars('ü', '\u2028', '\uFFFD')
                .ofMaxLength(6);
        return written(value);
    }

    @Provide
    Arbitrary<Written> typedTables() {
        return written(Arbitraries.of(
                "",
                "0",
                "1",
                "-0",
                "17",
                "2.50",
                "1e3",
                "true",
                "no",
                "x",
                "2026-01-01",
                "2026-01-01T10:00",
                "2026-01-01 10:00:00Z",
                "9223372036854775808",
                "007"));
    }

    @Provide
    Arbitrary<Map<String, ColumnType>> demands() {
        return Arbitraries.maps(Arbitraries.of("c0", "c1", "c2"), Arbitraries.of(ColumnType.class))
                .ofMaxSize(2);
    }

    private static Arbitrary<Written> written(Arbitrary<String> value) {
        return Arbitraries.integers()
                .between(1, 4)
                .flatMap(columns -> value.list()
                        .ofSize(columns)
                        .list()
                        .ofMaxSize(8)
                        .flatMap(rows -> Arbitraries.of(',', ';', '\t', '|')
                                .flatMap(delimiter -> Arbitraries.of("\n", "\r\n", "\r")
                                        .flatMap(lineEnd -> Arbitraries.of(true, false)
                                                .map(quoteAll -> new Written(rows, delimiter, lineEnd, quoteAll))))));
    }
}
