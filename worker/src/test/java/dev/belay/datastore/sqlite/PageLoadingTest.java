package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.datastore.sqlite.pages.Blocks;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables written as pages beside the same tables inserted by SQLite: nobody who opens the files can tell which is
/// which.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PageLoadingTest {
    private static final long SEED = Long.getLong("belay.pages.seed", 20261125);
    private static final int ROUNDS = Integer.getInteger("belay.pages.rounds", 60);
    private static final int[] PAGE_SIZES = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    private static final Cores CORES = new Cores(3);

    private static final List<Column> TEXT = List.of(Column.of("t", ColumnType.TEXT));

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private int files;

    @AfterAll
    static void closeCores() {
        CORES.close();
    }

    private static PageLoading pages(int pageSize) {
        return new PageLoading(Optional.of(CORES), new Blocks(2), OptionalInt.of(pageSize), false);
    }

    private static StagingPlan plan(String dataset, List<Column> columns, List<Integer> incoming) {
        var operation = new OperationId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        return new StagingPlan(
                new DatasetId(dataset),
                operation,
                operation.commitId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                columns,
                incoming,
                List.of());
    }

    /// A staged file, and what was said of it.
    private record File(Path path, Staged staged) {}

    private File staged(PageLoading loading, StagingPlan plan, TypedTable rows) throws Exception {
        var versions = new VersionFiles(folder.resolve(Integer.toString(files++)));
        Staged staged = new VersionBuilder(versions, loading).stage(plan, rows, Progress.SILENT);
        return new File(versions.building(VersionName.of(plan)), staged);
    }

    private void assertBothAreTheSame(int pageSize, List<Column> columns, TypedTable rows) throws Exception {
        List<Integer> places = IntStream.range(0, columns.size()).boxed().toList();
        assertBothAreTheSame(pageSize, plan("air", columns, places), rows);
    }

    private void assertBothAreTheSame(int pageSize, StagingPlan plan, TypedTable rows) throws Exception {
        File inserted = staged(PageLoading.off(), plan, rows);
        File written = staged(pages(pageSize), plan, rows);

        assertThat(written.staged()).isEqualTo(inserted.staged());
        FileContent.assertSame(written.path(), inserted.path(), plan, pageSize);
        Files.delete(inserted.path());
        Files.delete(written.path());
    }

    @Test
    void generatedTablesAreTheSame() throws Exception {
        System.out.println("-Dbelay.pages.seed=" + SEED);
        var generator = new TableGenerator(random);
        for (int round = 0; round < ROUNDS; round++) {
            int pageSize = PAGE_SIZES[round % PAGE_SIZES.length];
            List<Column> columns = generator.columns(1 + random.nextInt(12));
            List<Integer> incoming = generator.someInAnyOrder(columns.size());
            List<Column> source = incoming.stream().map(columns::get).toList();
            List<List<@Nullable Object>> rows = generator.rows(source, random.nextInt(400), pageSize);
            var table = new CutRows(source, rows, cuts(rows.size()));

            assertBothAreTheSame(pageSize, plan("air", columns, incoming), table);
        }
    }

    private List<Integer> cuts(int rows) {
        var borders = new ArrayList<Integer>(new TreeSet<>(List.of(0, rows)));
        for (int part = random.nextInt(12); part > 0; part--) {
            borders.add(random.nextInt(rows + 1));
        }
        Collections.sort(borders);
        return borders.size() == 1 ? List.of(0, 0) : borders;
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
    void rowsAroundEveryBorderOfOverflowAreTheSame(int pageSize) throws Exception {
        int least = (pageSize - 12) * 32 / 255 - 23;
        var lengths = new TreeSet<Integer>();
        for (int border : new int[] {pageSize - 35, least, least + pageSize - 4, pageSize - 35 + pageSize - 4}) {
            for (int chain = 0; chain < 3; chain++) {
                for (int around = -9; around <= 3; around++) {
                    lengths.add(Math.max(0, border + chain * (pageSize - 4) + around));
                }
            }
        }
        List<List<String>> rows = lengths.stream()
                .map(length -> List.of("x".repeat(length - 1 < 0 ? 0 : length - 1) + (length == 0 ? "" : "y")))
                .toList();

        assertBothAreTheSame(pageSize, TEXT, CutRows.whole(TEXT, rows));
    }

    @Test
    void numbersAroundEveryBorderOfTheSerialTypesAreTheSame() throws Exception {
        List<Column> columns = List.of(Column.of("i", ColumnType.INTEGER), Column.of("r", ColumnType.DOUBLE));
        var rows = new ArrayList<List<Object>>();
        for (int bits = 0; bits < 64; bits++) {
            for (long around = -2; around <= 2; around++) {
                for (long sign = -1; sign <= 1; sign += 2) {
                    long number = sign * (1L << bits) + around;
                    rows.add(List.of(number, (double) number));
                    rows.add(List.of(number, number + 0.5));
                }
            }
        }
        for (double odd : new double[] {
            -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e300, 9.3e18, -9.3e18, 0x1p63, -0x1p63, 0.1
        }) {
            rows.add(List.of(Long.MIN_VALUE, odd));
            rows.add(List.of(Long.MAX_VALUE, Math.nextUp(odd)));
        }

        assertBothAreTheSame(4096, columns, CutRows.whole(columns, rows));
    }

    @Test
    void decimalsBecomeTheNearestDouble() throws Exception {
        List<Column> columns = List.of(
                new Column("short", "short", ColumnType.DECIMAL, 15, 60),
                new Column("long", "long", ColumnType.DECIMAL, 40, 20));
        var rows = new ArrayList<List<String>>();
        for (String plain : List.of(
                "0", "-0", "0.0", "1.50", "100", "0.1", "999999999999999", "-999999999999.999", "12345678901234.5")) {
            rows.add(List.of(plain, plain));
        }
        for (int round = 0; round < 2000; round++) {
            String digits = Long.toString(1 + random.nextLong(999_999_999_999_999L));
            int scale = random.nextInt(40);
            String padded = "0".repeat(Math.max(0, scale + 1 - digits.length())) + digits;
            int point = padded.length() - scale;
            String decimal = (random.nextBoolean() ? "-" : "")
                    + padded.substring(0, point)
                    + (scale == 0 ? "" : "." + padded.substring(point));
            rows.add(List.of(decimal, decimal + (scale == 0 ? ".7" : "7")));
        }

        assertBothAreTheSame(4096, columns, CutRows.whole(columns, rows));
    }

    @Test
    void refusesADecimalOfMoreDigitsThanItsColumnAsInsertingDoes() {
        List<Column> columns = List.of(new Column("d", "d", ColumnType.DECIMAL, 15, 2));
        var table = CutRows.whole(columns, List.of(List.of("12345678901234567.25")));
        StagingPlan plan = plan("air", columns, List.of(0));

        assertThatThrownBy(() -> staged(PageLoading.off(), plan, table)).hasMessageContaining("more digits");
        assertThatThrownBy(() -> staged(pages(4096), plan, table)).hasMessageContaining("more digits");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 126, 127, 128, 1000, 1999})
    void tablesOfManyColumnsAreTheSame(int width) throws Exception {
        var generator = new TableGenerator(random);
        List<Column> columns = generator.columns(width);
        List<List<@Nullable Object>> rows = generator.rows(columns, 12, 512);
        rows.add(Collections.nCopies(width, null));

        assertBothAreTheSame(1024, columns, CutRows.whole(columns, rows));
    }

    @Test
    void namesThatMustBeQuotedAreTheSame() throws Exception {
        List<Column> columns = new ArrayList<>();
        for (String name :
                List.of("say \"hi\"", "\ud83d\ude00; DROP TABLE x", "select", "rowid", "it's", "a]b", "`", " ")) {
            columns.add(Column.of(name, ColumnType.TEXT));
        }
        List<String> row = Collections.nCopies(columns.size(), "v");
        for (String dataset : List.of("sqlite_air", "table", "2026-11.x")) {
            assertBothAreTheSame(
                    4096,
                    plan(
                            dataset,
                            columns,
                            IntStream.range(0, columns.size()).boxed().toList()),
                    CutRows.whole(columns, List.of(row)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096})
    void schemasOfEveryLengthAroundThatOfTheFirstPageAreTheSame(int pageSize) throws Exception {
        for (int length = pageSize - 260; length < pageSize + 60; length += pageSize == 512 ? 3 : 7) {
            var columns = new ArrayList<Column>();
            int left = length - 50;
            for (int number = 0; left > 12; number++) {
                String name = "c" + number + "_".repeat(Math.clamp(left - 18, 0, 50));
                columns.add(Column.of(name, ColumnType.TEXT));
                left -= name.length() + 9;
            }

            assertBothAreTheSame(pageSize, columns, CutRows.whole(columns, List.of()));
        }
    }

    @Test
    void emptyTablesAreTheSame() throws Exception {
        for (int pageSize : PAGE_SIZES) {
            assertBothAreTheSame(pageSize, TEXT, CutRows.whole(TEXT, List.of()));
            assertBothAreTheSame(pageSize, TEXT, new CutRows(TEXT, List.of(), List.of(0)));
            assertBothAreTheSame(pageSize, TEXT, new CutRows(TEXT, List.of(), List.of(0, 0, 0, 0)));
        }
    }

    @Test
    void rowsOfNothingAreTheSame() throws Exception {
        List<List<@Nullable Object>> rows = Collections.nCopies(3000, Arrays.asList((Object) null));

        assertBothAreTheSame(512, TEXT, new CutRows(TEXT, rows, List.of(0, 1, 1, 500, 3000)));
    }

    @Test
    void rowsLargerThanABlockAreTheSame() throws Exception {
        var rows = new ArrayList<List<String>>();
        for (int length : new int[] {5_000_000, 3, 9_000_000, 0, 4 << 20, (4 << 20) - 8192, 1}) {
            rows.add(List.of("%07d".formatted(length).repeat(length / 7)));
        }

        assertBothAreTheSame(4096, TEXT, new CutRows(TEXT, rows, List.of(0, 1, 2, 5, 7)));
        assertBothAreTheSame(512, TEXT, CutRows.whole(TEXT, rows.subList(2, 4)));
        assertBothAreTheSame(65536, TEXT, CutRows.whole(TEXT, rows));
    }

    // 512-byte pages hold 33 children: a table of so many rows has three levels above its leaves.
    @Test
    void tablesOfManyLevelsAreTheSame() throws Exception {
        var rows = new ArrayList<List<Long>>();
        for (long row = 0; row < 60_000; row++) {
            rows.add(List.of(row * 1_000_003));
        }
        List<Column> columns = List.of(Column.of("i", ColumnType.INTEGER));

        assertBothAreTheSame(512, columns, new CutRows(columns, rows, List.of(0, 7, 20_000, 20_001, 59_000, 60_000)));
    }

    /// Every number of leaves, so that each level once ends with one child too many.
    @Test
    void tablesOfAnyNumberOfLeavesAreTheSame() throws Exception {
        List<List<String>> rows = Collections.nCopies(1300, List.of("z".repeat(470)));
        for (int count : new int[] {1, 2, 3, 35, 36, 37, 38, 39, 40, 41, 42, 43, 70, 71, 72, 73, 74, 75, 1260, 1300}) {
            assertBothAreTheSame(512, TEXT, CutRows.whole(TEXT, rows.subList(0, count)));
        }
    }

    @Test
    void theFileIsTheSameByteForByteHoweverManyThreadsThereAre() throws Exception {
        var generator = new TableGenerator(random);
        List<Column> columns = generator.columns(6);
        List<List<@Nullable Object>> rows = generator.rows(columns, 5000, 1024);
        List<Integer> places = IntStream.range(0, columns.size()).boxed().toList();
        var table = new CutRows(
                columns,
                rows,
                IntStream.rangeClosed(0, 50).mapToObj(at -> at * 100).toList());
        StagingPlan plan = plan("air", columns, places);

        try (var alone = PageLoading.alone()) {
            File one = staged(new PageLoading(alone.cores(), alone.blocks(), OptionalInt.of(1024), false), plan, table);
            File many = staged(pages(1024), plan, table);

            assertThat(Files.mismatch(one.path(), many.path())).isEqualTo(-1);
        }
    }

    @Test
    void aPartThatFailsEndsThoseThatWaitForTheirTurn() {
        StagingPlan plan = plan("air", TEXT, List.of(0));
        for (int bad = 0; bad < 9; bad++) {
            var table = new FailingPart(bad);

            assertThatThrownBy(() -> staged(pages(512), plan, table))
                    .isInstanceOf(IOException.class)
                    .hasMessage("part " + bad);
        }
    }

    /// Nine parts of some pages each; one fails at its end.
    private record FailingPart(int bad) implements TypedTable {
        @Override
        public int parts() {
            return 9;
        }

        @Override
        public long rowsBefore(int part) {
            return part * 3000L;
        }

        @Override
        public long rows() {
            return 27_000;
        }

        @Override
        public void read(int part, RowSink sink) throws dev.belay.job.JobFailure, IOException {
            byte[] text = "some text".getBytes(StandardCharsets.US_ASCII);
            for (int row = 0; row < 3000; row++) {
                sink.text(0, text, 0, text.length);
                sink.endRow();
            }
            if (part >= bad) {
                throw new IOException("part " + part);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void theShellFindsNothingWrong() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sqlite3")), "skipped: no sqlite3 shell here");
        var generator = new TableGenerator(random);
        List<Column> columns = generator.columns(9);
        List<List<@Nullable Object>> rows = generator.rows(columns, 2000, 4096);
        List<Integer> places = IntStream.range(0, columns.size()).boxed().toList();
        StagingPlan plan = plan("air", columns, places);
        var table = new CutRows(columns, rows, cuts(rows.size()));

        String written = dump(staged(pages(4096), plan, table).path());
        String inserted = dump(staged(PageLoading.off(), plan, table).path());

        assertThat(written).startsWith("ok\n").isEqualTo(inserted);
    }

    private static String dump(Path file) throws IOException {
        var shell = new ProcessBuilder(
                        "/usr/bin/sqlite3", "-readonly", file.toString(), "PRAGMA integrity_check", ".dump")
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
