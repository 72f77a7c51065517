package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The engine cuts every file as FastCSV does, in chunks of any length: random characters that matter, and the
/// examples. `-Dbelay.engine.seed=N` repeats one file, `-Dbelay.engine.files=N` makes more (0: without end).
final class FastCsvOracleTest {
    private static final String ALPHABET = "\"\"\"\",,\n\n\r;ab1-.\u20ac\u00fc\uD83D\uDE00 ";
    private static final int LONGEST = 120;

    private final Cores cores = new Cores(3);

    @AfterEach
    void close() {
        cores.close();
    }

    /// The records below the header with their lines, and whether the file breaks off there.
    private record Cut(List<String> records, boolean broken) {}

    @Test
    void randomCharactersAreCutAlike() throws Exception {
        long only = Long.getLong("belay.engine.seed", -1);
        long files = Long.getLong("belay.engine.files", 4_000);
        long first = only >= 0 ? only : System.nanoTime() >>> 1;
        int whole = 0;
        System.out.printf("FastCsvOracleTest: seeds from %d on (-Dbelay.engine.seed=N)%n", first);
        for (long seed = first; files == 0 || seed < first + (only >= 0 ? 1 : files); seed++) {
            var random = new SplittableRandom(seed);
            String text = "a,b\n" + random(random, random.nextInt(1 + random.nextInt(LONGEST)));
            Cut expected = fastCsv(text);
            whole += expected.broken() ? 0 : 1;
            for (int chunk : new int[] {1 << 16, 1 + random.nextInt(40), 1 + random.nextInt(8)}) {
                assertThat(engine(text, new Chunking(chunk, 1 + random.nextInt(30))))
                        .as("seed %d, chunks of %d: %s", seed, chunk, text)
                        .isEqualTo(expected);
            }
        }
        assertThat(only >= 0 || whole > files / 10)
                .as("%d files that do not break off", whole)
                .isTrue();
    }

    @Test
    void theExamplesAreCutAlike() throws Exception {
        try (Stream<Path> examples = Files.list(Path.of("..", "examples"))) {
            for (Path example :
                    examples.filter(file -> file.toString().endsWith(".csv")).toList()) {
                byte[] bytes = Files.readAllBytes(example);
                // What is not UTF-8 comes to the engine only after it was written out as that.
                boolean utf8 = new Utf8Check().firstBad(Arrays.copyOf(bytes, bytes.length + 8), 0, bytes.length)
                        == bytes.length;
                String text = utf8 ? new String(bytes, StandardCharsets.UTF_8) : "";
                if (text.lines().findFirst().orElse("").contains(",")) {
                    assertThat(engine(text, new Chunking(1000, 100)))
                            .as("%s", example)
                            .isEqualTo(fastCsv(text));
                }
            }
        }
    }

    private static String random(SplittableRandom random, int length) {
        int[] points = ALPHABET.codePoints().toArray();
        return random.ints(length, 0, points.length)
                .mapToObj(at -> Character.toString(points[at]))
                .collect(Collectors.joining());
    }

    private static Cut fastCsv(String text) throws IOException {
        List<String> records = new ArrayList<>();
        boolean header = true;
        int columns = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
            for (CsvRecord record : reader) {
                if (header) {
                    columns = record.getFieldCount();
                } else if (record.getFieldCount() == columns) {
                    records.add(record.getFields().toString());
                } else {
                    records.add("line %d, %d fields".formatted(record.getStartingLineNumber(), record.getFieldCount()));
                }
                header = false;
            }
        } catch (CsvParseException broken) {
            return new Cut(List.of(), true);
        }
        return new Cut(sorted(records), false);
    }

    private Cut engine(String text, Chunking chunking) throws Exception {
        var limits = new ReadLimits(1 << 20, 1 << 20, 1000, 100_000);
        var reader = new DelimitedReader(limits, cores, chunking);
        TableBytes bytes = TableBytes.of(text.getBytes(StandardCharsets.UTF_8));
        Dialect dialect = reader.detect(bytes, new ReadOptions(Optional.of(','), Optional.of("UTF-8")));
        Map<String, ColumnType> asText = new HashMap<>();
        dialect.names().forEach(name -> asText.put(name, ColumnType.TEXT));
        List<String> records = new ArrayList<>();
        try {
            TableProfile profile = reader.profile(bytes, dialect, asText, Progress.SILENT);
            profile.rejects()
                    .forEach(reject -> records.add("line %d, %s"
                            .formatted(
                                    reject.place().line().orElseThrow(),
                                    reject.message().replaceAll(".* has (\\d+) fields?, .*", "$1 fields"))));
            try (TypedTable rows = reader.rows(bytes, profile)) {
                CollectedRows.of(rows, profile.columns().size())
                        .forEach(row -> records.add(row.stream()
                                .map(value -> value == null ? "" : value.toString())
                                .toList()
                                .toString()));
            }
            return new Cut(sorted(records), false);
        } catch (JobFailure failed) {
            assertThat(failed.failure().code()).isIn(FailureCode.CSV_QUOTE, FailureCode.CSV_UNCLOSED_QUOTE);
            return new Cut(List.of(), true);
        }
    }

    private static List<String> sorted(List<String> records) {
        return records.stream().sorted().toList();
    }
}
