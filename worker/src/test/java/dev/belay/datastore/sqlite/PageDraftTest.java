package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.datastore.sqlite.pages.Blocks;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TableDraft;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A table that was written before anyone knew how many rows stand before each part is, byte for byte, the one that is
/// written when that is known, unless a part is longer than a block.
final class PageDraftTest {
    private static final long SEED = Long.getLong("belay.pages.seed", 20261129);
    private static final int[] PAGE_SIZES = {512, 1024, 4096, 16384, 65536};
    private static final List<Column> NUMBERS = List.of(Column.of("i", ColumnType.INTEGER));
    private static final Cores CORES = new Cores(2);

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private int files;

    @AfterAll
    static void closeCores() {
        CORES.close();
    }

    @BeforeEach
    void makeWorkspace() throws IOException {
        Files.createDirectory(folder.resolve("work"));
    }

    private static PageLoading pages(int pageSize) {
        return new PageLoading(Optional.of(CORES), new Blocks(2), OptionalInt.of(pageSize), false);
    }

    private static StagingPlan plan(List<Column> columns, List<Integer> incoming) {
        var operation = new OperationId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        return new StagingPlan(
                new DatasetId("air"),
                operation,
                operation.commitId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                columns,
                incoming,
                List.of());
    }

    private static List<Integer> allOf(List<Column> columns) {
        return IntStream.range(0, columns.size()).boxed().toList();
    }

    private Path draftFile() {
        return folder.resolve("work").resolve("draft");
    }

    /// Rows that a store has drafted.
    ///
    /// @param mayBeRead whether the draft is not to be taken
    private record Drafted(TypedTable all, TableDraft its, boolean mayBeRead) implements TypedTable {
        @Override
        public Optional<TableDraft> draft() {
            return Optional.of(its);
        }

        @Override
        public int parts() {
            return all.parts();
        }

        @Override
        public long rowsBefore(int part) {
            return all.rowsBefore(part);
        }

        @Override
        public long rows() {
            return all.rows();
        }

        @Override
        public void read(int part, RowSink sink) throws JobFailure, IOException {
            assertThat(mayBeRead).as("whether the rows may be read again").isTrue();
            all.read(part, sink);
        }

        @Override
        public void close() {}
    }

    /// Fills a draft, each part begun with a wrong number of rows before it, by up to `off`.
    ///
    /// @return how many parts had to be filled twice
    private int fill(PageDraft draft, TypedTable rows, int off) throws Exception {
        int twice = 0;
        List<TableDraft.Part> parts = List.of(draft.part(), draft.part());
        for (int part = 0; part < rows.parts(); part++) {
            TableDraft.Part sink = parts.get(part % 2);
            long before = rows.rowsBefore(part);
            sink.begin(Math.max(0, before + random.nextInt(2 * off + 1) - off));
            rows.read(part, sink);
            if (!draft.add(sink, before)) {
                twice++;
                sink.begin(before);
                rows.read(part, sink);
                assertThat(draft.add(sink, before)).isTrue();
            }
        }
        return twice;
    }

    private Path staged(PageLoading loading, StagingPlan plan, TypedTable rows) throws Exception {
        var versions = new VersionFiles(folder.resolve(Integer.toString(files++)));
        Staged staged = new VersionBuilder(versions, loading).stage(plan, rows, Progress.SILENT);
        assertThat(staged.rows()).isEqualTo(rows.rows());
        return versions.building(VersionName.of(plan));
    }

    /// @return how many parts had to be filled twice
    private int assertSame(int pageSize, List<Column> columns, TypedTable rows, int off) throws Exception {
        PageLoading loading = pages(pageSize);
        StagingPlan plan = plan(columns, allOf(columns));
        int twice;
        Path adopted;
        try (var draft = new PageDraft(draftFile(), loading, columns)) {
            twice = fill(draft, rows, off);
            adopted = staged(loading, plan, new Drafted(rows, draft, false));
        }
        assertThat(draftFile()).doesNotExist();
        assertThat(Files.mismatch(adopted, staged(loading, plan, rows))).isEqualTo(-1);
        return twice;
    }

    @Test
    void generatedTablesAreTheSame() throws Exception {
        System.out.println("-Dbelay.pages.seed=" + SEED);
        var generator = new TableGenerator(random);
        for (int round = 0; round < 40; round++) {
            int pageSize = PAGE_SIZES[round % PAGE_SIZES.length];
            List<Column> columns = generator.columns(1 + random.nextInt(12));
            List<List<@Nullable Object>> rows = generator.rows(columns, random.nextInt(400), pageSize);
            var borders = new TreeSet<>(List.of(0, rows.size()));
            for (int part = random.nextInt(12); part > 0; part--) {
                borders.add(random.nextInt(rows.size() + 1));
            }

            assertSame(pageSize, columns, new CutRows(columns, rows, cuts(borders)), 3);
        }
    }

    private static List<Integer> cuts(SortedSet<Integer> borders) {
        return borders.size() == 1 ? List.of(0, 0) : new ArrayList<>(borders);
    }

    /// Rowids of one byte more are longer: 128, 16384.
    @Test
    void partsAroundALongerRowidAreTheSame() throws Exception {
        List<List<@Nullable Object>> rows = LongStream.range(0, 17_000)
                .mapToObj(row -> Collections.<@Nullable Object>singletonList(row % 300))
                .toList();
        var cuts = new ArrayList<>(List.of(0, 100, 120, 126, 127, 128, 129, 200, 16_300, 16_382));
        cuts.addAll(List.of(16_383, 16_384, 16_385, 16_500, 17_000));

        assertThat(assertSame(512, NUMBERS, new CutRows(NUMBERS, rows, cuts), 50))
                .isPositive();
        assertThat(assertSame(512, NUMBERS, new CutRows(NUMBERS, rows, cuts), 0))
                .isZero();
    }

    /// Blocks of many pages pass by the page cache where that can be done.
    @Test
    void longPartsAreTheSame() throws Exception {
        List<Column> columns = List.of(Column.of("t", ColumnType.TEXT));
        List<List<@Nullable Object>> rows = IntStream.range(0, 20_000)
                .mapToObj(row -> Collections.<@Nullable Object>singletonList("x".repeat(row % 900)))
                .toList();

        assertSame(4096, columns, new CutRows(columns, rows, List.of(0, 4000, 4001, 12_000, 20_000)), 0);
    }

    @Test
    void refusesAPartThatIsLongerThanCanWait() throws Exception {
        List<Column> columns = List.of(Column.of("t", ColumnType.TEXT));
        try (var draft = new PageDraft(draftFile(), pages(4096), columns)) {
            TableDraft.Part part = draft.part();
            part.begin(0);
            byte[] text = "x".repeat(18 << 20).getBytes(StandardCharsets.US_ASCII);
            part.text(0, text, 0, text.length);

            assertThatIOException().isThrownBy(part::endRow).withMessageContaining("more than");
        }
        assertThat(draftFile()).doesNotExist();
    }

    /// A decimal of more digits is kept as text, so the columns' types are not all that counts.
    @ParameterizedTest
    @ValueSource(ints = {15, 16})
    void isTakenOnlyWhereTheTableWouldHaveTheSamePages(int digits) throws Exception {
        Column guessed = new Column("d", "d", ColumnType.DECIMAL, 5, 2);
        Column decided = new Column("d", "d", ColumnType.DECIMAL, digits, 2);
        var rows = new CutRows(List.of(decided), List.of(List.of("1.25"), List.of("300.5")), List.of(0, 2));
        PageLoading loading = pages(4096);
        try (var draft = new PageDraft(draftFile(), loading, List.of(guessed))) {
            fill(draft, rows, 0);

            assertThat(draft.fits(TableLayout.of(new DatasetId("air"), List.of(decided))))
                    .isEqualTo(digits == 15);
        }
    }

    /// A table with a column more, or in another order, is read again.
    @Test
    void isNotTakenForATableThatIsNotAsItsSource() throws Exception {
        List<Column> columns = List.of(Column.of("i", ColumnType.INTEGER), Column.of("t", ColumnType.TEXT));
        var rows = CutRows.whole(NUMBERS, List.of(List.of(1L), List.of(2L)));
        PageLoading loading = pages(4096);
        StagingPlan plan = plan(columns, List.of(0));
        try (var draft = new PageDraft(draftFile(), loading, NUMBERS)) {
            fill(draft, rows, 0);
            var both = new Drafted(rows, draft, true);

            assertThat(Files.mismatch(staged(loading, plan, both), staged(loading, plan, rows)))
                    .isEqualTo(-1);
        }
    }
}
