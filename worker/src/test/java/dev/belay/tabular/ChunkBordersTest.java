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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However a file is cut into chunks, and however many threads read them, the same comes out: profile, rejected
/// records with line and byte, rows, failures.
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
    }

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

    private static Result read(byte[] bytes, Chunking chunking, Cores cores) throws IOException {
        var reader = new DelimitedReader(ReadLimits.DEFAULTS, cores, chunking);
        TableBytes table = TableBytes.of(bytes);
        try {
            Dialect dialect = reader.detect(table, new ReadOptions(Optional.of(','), Optional.empty()));
            TableProfile profile = reader.profile(table, dialect, Map.of("n", ColumnType.INTEGER), Progress.SILENT);
            try (TypedTable rows = reader.rows(table, profile)) {
                return new Result(
                        shown(profile), CollectedRows.of(rows, profile.columns().size()), "");
            }
        } catch (JobFailure failed) {
            return new Result("", List.of(), failed.failure().toString());
        }
    }

    /// All of it but where the parts are.
    private static String shown(TableProfile profile) {
        return "%s %d %d %d %s %s"
                .formatted(
                        profile.columns(),
                        profile.records(),
                        profile.rows(),
                        profile.rejected(),
                        profile.rejects(),
                        profile.warnings());
    }
}
