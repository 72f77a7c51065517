package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole files, from their bytes to the version file, with the table written while it is examined and without: the same
/// file, byte for byte, whether the draft could be taken or not.
final class DraftedTablesTest {
    private static final int PARTS_OF = 400;

    @TempDir
    Path folder;

    private final IdSource ids = IdSource.random(InstantSource.system());
    private final Cores cores = new Cores(2);
    private final DelimitedReader reader = new DelimitedReader(ReadLimits.DEFAULTS, cores, new Chunking(PARTS_OF, 100));
    private SqliteDatastore store;
    private int taken;

    @BeforeEach
    void open() {
        store = SqliteDatastore.open(folder.resolve("data"), ids, cores);
    }

    @AfterEach
    void close() {
        store.close();
        cores.close();
    }

    private byte[] staged(byte[] text, Drafting drafting) throws Exception {
        Dialect dialect = reader.detect(TableBytes.of(text), new ReadOptions(Optional.of(','), Optional.empty()));
        TableProfile profile =
                reader.profile(TableBytes.of(text), dialect, Wishes.NONE, Optional.empty(), Progress.SILENT, drafting);
        return staged(text, profile, drafting);
    }

    private byte[] staged(byte[] text, TableProfile profile, Drafting drafting) throws Exception {
        List<Column> columns =
                profile.columns().stream().map(ColumnProfile::column).toList();
        var operation = new OperationId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        var plan = new StagingPlan(
                new DatasetId("air"),
                operation,
                operation.commitId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                columns,
                IntStream.range(0, columns.size()).boxed().toList(),
                List.of());
        try (TypedTable rows = reader.rows(TableBytes.of(text), profile, drafting)) {
            taken += rows.draft().isPresent() ? 1 : 0;
            Staged staged = store.stage(plan, rows, Progress.SILENT);
            assertThat(staged.rows()).isEqualTo(profile.rows());
        }
        try (Stream<Path> files = Files.walk(folder.resolve("data").resolve("staging"))) {
            return Files.readAllBytes(
                    files.filter(Files::isRegularFile).findFirst().orElseThrow());
        } finally {
            store.dropStaged(plan.dataset(), operation);
        }
    }

    private Drafting drafting() {
        return new Drafting(columns -> store.draft(folder.resolve("draft"), columns));
    }

    private void assertSame(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] drafted;
        try (Drafting drafting = drafting()) {
            drafted = staged(bytes, drafting);
        }
        assertThat(folder.resolve("draft")).doesNotExist();
        assertThat(drafted).as(text).isEqualTo(staged(bytes, Drafting.NONE));
    }

    @Test
    void randomTablesAreTheSame() throws Exception {
        long seed = Long.getLong("belay.engine.seed", System.nanoTime());
        System.out.println("-Dbelay.engine.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int table = 0; table < 60; table++) {
            assertSame(new String(ChunkBordersTest.randomTable(random), StandardCharsets.UTF_8));
        }
        assertThat(taken).as("drafts that were taken").isPositive();
    }

    /// A double cannot stand for it, and the column becomes text.
    @Test
    void aLateDecimalOfManyDigitsIsKeptWhole() throws Exception {
        assertSame(IntStream.range(0, 3000)
                .mapToObj(row -> row == 2345 ? "12345678901234567890.25" : row + ".5")
                .collect(Collectors.joining("\n", "d\n", "\n")));
    }

    /// Read in another encoding a file may have other texts in as many rows.
    @Test
    void aDraftOfAnEarlierReadingIsNotTaken() throws Exception {
        byte[] first = IntStream.range(0, 200)
                .mapToObj(row -> row + ",first")
                .collect(Collectors.joining("\n", "n,t\n", "\n"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] second = new String(first, StandardCharsets.UTF_8)
                .replace("first", "other")
                .getBytes(StandardCharsets.UTF_8);
        var few = new DelimitedReader(ReadLimits.DEFAULTS, cores, new Chunking(1 << 20, 100, 2));
        Dialect dialect = reader.detect(TableBytes.of(first), ReadOptions.DETECT);
        try (Drafting drafting = drafting()) {
            reader.profile(TableBytes.of(first), dialect, Wishes.NONE, Optional.empty(), Progress.SILENT, drafting);
            TableProfile anew = few.profile(
                    TableBytes.of(second), dialect, Wishes.NONE, Optional.empty(), Progress.SILENT, drafting);

            assertThat(staged(second, anew, drafting)).isEqualTo(staged(second, anew, Drafting.NONE));
        }
    }
}
