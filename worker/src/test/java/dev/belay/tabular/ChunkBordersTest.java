package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However a file is cut into chunks, and however many threads read them, the same comes out: profile, rejected
/// records with line and byte, rows, failures; and a table that was written while it was examined has the same rows.
final class ChunkBordersTest {
    private static final String NASTY = """
            n,text,when,mixed
            1,"a
            b,""c""
            ",2026-01-01T10:00:00Z,1\r
            2,"",2026-01-01 11:00:00+0130,2.50\r\r

            ,"
            ""
            1,2,3,4
            ""\","2026-01-02T10:00Z",-0
            \u00fc,"\u20ac\uFEFF,\r
            \u00df",2026-01-01T10:00:00Z,1e3\r9223372036854775807,5" pipe,2026-01-01T10:00:00.5Z,12345678901234567890
            too,few
            -7,x\u0000y,2026-01-01T10:00:00Z,0.0001
            8,z,2026-01-01T10:00:00Z,99999999.25

            ,,,
            3,"last ""line",,7""";

    private final Cores cores = new Cores(5);

    // How many tables were written while they were examined.
    private int drafted;

    @AfterEach
    void close() {
        cores.close();
    }

    private record Result(String profile, List<?> rows, String failure) {}

    @Test
    void aBorderAtEveryByteChangesNothing() throws Exception {
        byte[] bytes = withBadBytes(NASTY);
        Result whole = read(bytes, new Chunking(1 << 20, 1 << 10), cores);
        assertThat(whole.rows()).hasSize(6);
        assertThat(whole.failure()).isEmpty();

        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            for (int slack : new int[] {1, 7, 1000}) {
                assertThat(read(bytes, new Chunking(chunk, slack), cores))
                        .as("chunks of %d bytes, slack of %d", chunk, slack)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void aBorderAtEveryByteChangesNoFailure() throws Exception {
        for (String bad : List.of(
                "a,b\n1,2\n3,\"4\n5,6\n7,8\n",
                "a,b\n1,\"x\n\"\n3,\"4\n\"5,6\n7,\"8\"\n",
                "a,b\n1,2\n\"x\"y,1\n1,2\n3,4\n")) {
            byte[] bytes = bad.getBytes(StandardCharsets.UTF_8);
            Result whole = read(bytes, new Chunking(1 << 20, 1 << 10), cores);
            assertThat(whole.failure()).isNotEmpty();

            for (int chunk = 1; chunk <= bytes.length; chunk++) {
                assertThat(read(bytes, new Chunking(chunk, 3), cores))
                        .as("chunks of %d", chunk)
                        .isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void neitherChunksNorThreadsChangeAnyFinding(int threads) throws Exception {
        byte[] bytes = manyRows();
        Result whole = read(bytes, new Chunking(1 << 26, 1 << 10), cores);
        assertThat(whole.rows()).hasSize(3000);

        try (var some = new Cores(threads)) {
            for (int chunk : new int[] {64, 200, 1 << 10, 1 << 14, 1 << 17, 1 << 20}) {
                assertThat(read(bytes, new Chunking(chunk, 100), some))
                        .as("chunks of %d bytes, %d threads", chunk, threads)
                        .isEqualTo(whole);
            }
        }
        // Some columns are text by values that only the last chunks have.
        assertThat(drafted).as("drafts that were whole").isLessThan(7);
    }

    /// `-Dbelay.engine.seed=N` repeats one table, `-Dbelay.engine.tables=N` makes more (0: without end).
    @Test
    void randomTablesComeOutAlikeInChunksOfAnyLength() throws Exception {
        long only = Long.getLong("belay.engine.seed", -1);
        long tables = only >= 0 ? 1 : Long.getLong("belay.engine.tables", 150);
        long first = only >= 0 ? only : System.nanoTime() >>> 1;
        System.out.printf("ChunkBordersTest: seeds from %d on (-Dbelay.engine.seed=N)%n", first);
        for (long seed = first; tables == 0 || seed < first + tables; seed++) {
            var random = new SplittableRandom(seed);
            byte[] bytes = randomTable(random);
            Result whole = read(bytes, new Chunking(1 << 20, 1 << 10), cores);
            for (int times = 0; times < 4; times++) {
                var chunking = new Chunking(1 + random.nextInt(200), 1 + random.nextInt(100));
                assertThat(read(bytes, chunking, cores))
                        .as("seed %d, %s: %s", seed, chunking, new String(bytes, StandardCharsets.UTF_8))
                        .isEqualTo(whole);
            }
        }
        assertThat(drafted).as("drafts that were whole").isPositive();
    }

    /// Each column takes its values from a few kinds, mostly one of them.
    static byte[] randomTable(SplittableRandom random) {
        int columns = 1 + random.nextInt(5);
        int[] usual = random.ints(columns, 0, VALUES.size()).toArray();
        var text = new StringBuilder(
                IntStream.range(0, columns).mapToObj(column -> "c" + column).collect(Collectors.joining(",")));
        int rows = random.nextInt(60);
        for (int row = 0; row < rows; row++) {
            text.append(random.nextInt(8) == 0 ? "\r\n" : random.nextInt(12) == 0 ? "\n\n" : "\n");
            for (int column = 0; column < columns + (random.nextInt(40) == 0 ? 1 : 0); column++) {
                List<String> kind = VALUES.get(
                        column < columns && random.nextInt(25) > 0 ? usual[column] : random.nextInt(VALUES.size()));
                text.append(column == 0 ? "" : ",").append(kind.get(random.nextInt(kind.size())));
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static final List<List<String>> VALUES = List.of(
            List.of("0", "17", "-3", "", "9223372036854775807"),
            List.of("1.50", "2", "-0.001", "12345678901234567890.5", "-0"),
            List.of("1e3", "-2.5e-7", "0e0", "1e300"),
            List.of("\"1.234,5\"", "\"-7,25\"", "1.234", "12", ""),
            List.of("\"1,234.5\"", "1\u2019234.25", "\"1,234\"", "0.5"),
            List.of("\"1,5\"", "1 234", "1\u00a0234"),
            List.of("true", "FALSE", ""),
            List.of("2026-01-02", "2024-02-29", ""),
            List.of("2026-01-02T10:00Z", "2026-01-02 12:00+02:00", "2025-12-31T23:59:59.5Z"),
            List.of("2026-01-02T10:00", "2026-01-02 10:00:00.5"),
            List.of("1/2/2026", "3/4/2026", "12/12/2026", "13/1/2026"),
            List.of("1/2/2026", "3/4/2026"),
            List.of("10:30", "23:59:59"),
            List.of("01234567-89ab-cdef-0123-456789abcdef"),
            List.of("{}", "\"[1, 2]\"", "\"{\"\"a\"\": null}\""),
            List.of(
                    "x",
                    "\"a\nb\"",
                    "\"\"\"q\"\"\r\n,\"",
                    "\u20ac\u00fc",
                    "x\u0000",
                    "abcdefghi",
                    "abcdefghij",
                    "\"\""));

    /// Types that get wider half-way, late counter-examples, ties for the smallest, many different values.
    private static byte[] manyRows() {
        var text = new StringBuilder("id,late,widened,zones,big,real,flag,day,long\n");
        IntStream.range(0, 3000)
                .forEach(row -> text.append(row * 7919L % 100_003)
                        .append(',')
                        .append(row == 2900 ? "n/a" : row % 50)
                        .append(',')
                        .append(row < 2000 ? Integer.toString(row % 10) : "1.%02d".formatted(row % 100))
                        .append(
                                row % 3 == 0
                                        ? ",2026-01-01T10:00:00Z,"
                                        : row == 2950 ? ",2026-01-01T10:00," : ",2026-01-01 12:00+02,")
                        .append(row % 5 == 0 ? "12345678901234567890" : "-0")
                        .append(',')
                        .append(row % 7 == 0 ? "1.5e-300" : row + ".25e%d".formatted(row % 250))
                        .append(',')
                        .append(row % 2 == 0)
                        .append(",2026-%02d-%02d,".formatted(row / 300 + 1, row % 28 + 1))
                        .append(row % 11 == 0 ? "\"" + "line\n\"\"".repeat(row % 40) + "\"" : "\u00e9".repeat(row % 60))
                        .append(row % 4 == 0 ? "\r\n" : "\n"));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withBadBytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int place = text.indexOf("z,2026");
        int shift = text.substring(0, place).getBytes(StandardCharsets.UTF_8).length;
        bytes[shift] = (byte) 0xE2;
        return bytes;
    }

    private Result read(byte[] bytes, Chunking chunking, Cores cores) throws IOException {
        var reader = new DelimitedReader(ReadLimits.DEFAULTS, cores, chunking);
        TableBytes table = TableBytes.of(bytes);
        try {
            Dialect dialect = reader.detect(table, new ReadOptions(Optional.of(','), Optional.empty()));
            var drafts = new ArrayList<KeptDraft>();
            try (var drafting = new Drafting(columns -> {
                drafts.add(new KeptDraft(columns.size()));
                return Optional.of(drafts.getLast());
            })) {
                TableProfile profile = reader.profile(
                        table,
                        dialect,
                        Wishes.ofTypes(Map.of("n", ColumnType.INTEGER)),
                        Optional.empty(),
                        Progress.SILENT,
                        drafting);
                try (TypedTable rows = reader.rows(table, profile, drafting)) {
                    List<?> found = CollectedRows.of(rows, profile.columns().size());
                    if (rows.draft().isPresent()) {
                        assertThat(rows.draft()).containsSame(drafts.getLast());
                        assertThat(drafts.getLast().rows()).isEqualTo(found);
                        drafted++;
                    }
                    return new Result(shown(profile), found, "");
                }
            }
        } catch (JobFailure failed) {
            return new Result("", List.of(), failed.failure().toString());
        }
    }

    /// All of it but where the parts are.
    private static String shown(TableProfile profile) {
        return "%s %d %d %d %s %s %s"
                .formatted(
                        profile.columns(),
                        profile.records(),
                        profile.rows(),
                        profile.rejected(),
                        profile.rejects(),
                        profile.misfits(),
                        profile.warnings());
    }
}
