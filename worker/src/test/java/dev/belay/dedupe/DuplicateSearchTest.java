package dev.belay.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.DedupeRule.Keep;
import dev.belay.job.ListRows;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which rows are left out: what a set of rows in memory would say, however little memory there is and however the
/// table is cut. `-Dbelay.dedupe.seed=N` repeats one table, `-Dbelay.dedupe.tables=N` makes more.
final class DuplicateSearchTest {
    private static final List<ColumnType> TYPES =
            List.of(ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.DECIMAL);
    private static final byte[] SALT = "salt".getBytes(StandardCharsets.US_ASCII);
    private static final long AMPLE = 1 << 22;

    private final Cores one = new Cores(1);
    private final Cores several = new Cores(3);

    @TempDir
    private Path folder;

    private final AtomicBoolean spilled = new AtomicBoolean();

    @AfterEach
    void close() {
        one.close();
        several.close();
    }

    @Test
    void theFirstOfEqualRowsStaysInItsPlace() throws Exception {
        var rows = List.of(row("a", 1L), row("b", 1L), row("a", 1L), row("a", 2L), row("b", 1L));

        assertThat(distinct(rows, 2, whole(Keep.FIRST))).containsExactly(row("a", 1L), row("b", 1L), row("a", 2L));
    }

    @Test
    void theLastOfEqualRowsStaysInItsPlace() throws Exception {
        var rows = List.of(row("a", 1L), row("b", 1L), row("a", 1L), row("a", 2L), row("b", 1L));

        assertThat(distinct(rows, 2, whole(Keep.LAST))).containsExactly(row("a", 1L), row("a", 2L), row("b", 1L));
    }

    @Test
    void aKeyIsComparedAlone() throws Exception {
        var rows = List.of(row("a", 1L), row("a", 2L), row("b", 3L), row("a", 4L));

        assertThat(distinct(rows, 2, key(Keep.FIRST, 0))).containsExactly(row("a", 1L), row("b", 3L));
        assertThat(distinct(rows, 2, key(Keep.LAST, 0))).containsExactly(row("b", 3L), row("a", 4L));
    }

    @Test
    void noValueEqualsNoValueInWholeRowsAndNothingInKeys() throws Exception {
        var rows = List.of(row(null, 1L), row(null, 1L), row("", 1L));

        assertThat(distinct(rows, 2, whole(Keep.FIRST))).containsExactly(row(null, 1L), row("", 1L));
        assertThat(distinct(rows, 2, key(Keep.FIRST, 0))).hasSize(3);
        assertThat(distinct(rows, 2, key(Keep.FIRST, 0, 1))).hasSize(3);
    }

    @Test
    void textsThatTogetherReadAlikeAreNotTheSame() throws Exception {
        var rows = List.of(row("ab", "c"), row("a", "bc"), row("", "abc"), row("abc", ""), row("abc", null));
        var same = new Sameness(List.of(ColumnType.TEXT, ColumnType.TEXT), List.of(), Keep.FIRST);

        assertThat(distinct(rows, 2, same)).hasSize(5);
    }

    @Test
    void numbersAreComparedAsNumbers() throws Exception {
        var rows = List.of(
                row(0.0, "1.50"),
                row(-0.0, "1.5"),
                row(0.0, "1.500000000000000000000000"),
                row(0.0, "-0.00"),
                row(0.0, "0"),
                row(0.0, "12345678901234567890.10"),
                row(0.0, "12345678901234567890.1"),
                row(0.0, "100"),
                row(0.0, "10"));
        var same = new Sameness(List.of(ColumnType.DOUBLE, ColumnType.DECIMAL), List.of(), Keep.FIRST);

        assertThat(distinct(rows, 2, same))
                .extracting(row -> row.get(1))
                .containsExactly("1.50", "-0.00", "12345678901234567890.10", "100", "10");
    }

    @Test
    void longTextsAreComparedToTheirEnd() throws Exception {
        String text = "x".repeat(100_000);
        var rows = List.of(row(text + "a", 1L), row(text + "b", 1L), row(text + "a", 1L), row(text, 1L));

        assertThat(distinct(rows, 2, whole(Keep.FIRST))).hasSize(3);
    }

    @Test
    void thousandsOfEqualRowsNeedNoMoreMemoryThanOne() throws Exception {
        var rows = Collections.nCopies(20_000, row("a", 1L));

        Duplicates found = search(several, 512, rows, 700, whole(Keep.LAST));

        assertThat(found.count()).isEqualTo(19_999);
        assertThat(spilled).isTrue();
        assertThat(found.first()).hasSize(DuplicateSearch.EXAMPLES).first().isEqualTo(new Duplicates.Pair(0, 19_999));
    }

    @Test
    void nothingIsLeftOfWhatWasSpilledButTheMarksOfManyRows() throws Exception {
        var rows = IntStream.range(0, 5_000).mapToObj(n -> row("a", n % 4_000L)).toList();

        search(one, 512, rows, 700, whole(Keep.FIRST));
        assertThat(spilled).isTrue();
        assertThat(folder).isDirectoryContaining("glob:**/duplicates").isDirectoryNotContaining("glob:**.spill");

        Files.delete(folder.resolve("duplicates"));
        search(one, AMPLE, rows, 700, whole(Keep.FIRST));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTableWithoutRowsHasNoDuplicates() throws Exception {
        assertThat(distinct(List.of(), 2, whole(Keep.FIRST))).isEmpty();
    }

    @Test
    void whoeverFeelsThePulseMayEndIt() {
        var rows = List.of(row("a", 1L));
        var terms = new DuplicateSearch.Terms(folder, SALT, Progress.SILENT, () -> {
            throw new IOException("ended");
        });

        assertThatThrownBy(() -> new DuplicateSearch(one, AMPLE).find(new ListRows(rows), whole(Keep.FIRST), terms))
                .hasMessage("ended");
    }

    @Test
    void randomTablesLoseWhatASetInMemoryWouldHaveFound() throws Exception {
        long only = Long.getLong("belay.dedupe.seed", -1);
        long tables = Long.getLong("belay.dedupe.tables", 120);
        long first = only >= 0 ? only : System.nanoTime() >>> 1;
        System.out.printf("DuplicateSearchTest: seeds from %d on (-Dbelay.dedupe.seed=N)%n", first);
        int spills = 0;
        for (long seed = first; seed < first + (only >= 0 ? 1 : tables); seed++) {
            var random = new SplittableRandom(seed);
            List<List<@Nullable Object>> rows = randomRows(random);
            var same = new Sameness(
                    TYPES,
                    random.nextBoolean() ? List.of() : randomKey(random),
                    random.nextBoolean() ? Keep.FIRST : Keep.LAST);
            Map<Long, Long> expected = oracle(rows, same);
            for (long memory : List.of(64L, 1_000L + random.nextInt(20_000), AMPLE)) {
                Cores cores = random.nextBoolean() ? one : several;
                int length = 1 + random.nextInt(1 + rows.size());
                spilled.set(false);
                Duplicates found = search(cores, memory, rows, length, same);
                spills += spilled.get() ? 1 : 0;

                String table = "seed %d, %d rows, %d bytes".formatted(seed, rows.size(), memory);
                assertThat(found.count()).as(table).isEqualTo(expected.size());
                assertThat(found.first())
                        .as(table)
                        .isEqualTo(expected.entrySet().stream()
                                .limit(DuplicateSearch.EXAMPLES)
                                .map(pair -> new Duplicates.Pair(pair.getKey(), pair.getValue()))
                                .toList());
                // Read in other parts than it was searched in.
                int other = 1 + random.nextInt(1 + rows.size());
                TypedTable left = found.leftOutOf(new ListRows(rows, other));
                assertThat(CollectedRows.of(left, TYPES.size())).as(table).isEqualTo(without(rows, expected));
                assertThat(left.deduplicated()).isEqualTo(expected.size());
                assertPartsAreNumbered(left, table);
            }
        }
        assertThat(spills).as("searches that spilled").isPositive();
    }

    private static void assertPartsAreNumbered(TypedTable left, String table) throws Exception {
        long before = 0;
        for (int part = 0; part < left.parts(); part++) {
            assertThat(left.rowsBefore(part)).as(table).isEqualTo(before);
            var collected = new CollectedRows(TYPES.size());
            left.read(part, collected);
            before += collected.rows().size();
        }
        assertThat(left.rows()).as(table).isEqualTo(before);
    }

    /// Row by the row that stays instead.
    private static Map<Long, Long> oracle(List<List<@Nullable Object>> rows, Sameness same) {
        Map<List<@Nullable Object>, Long> stays = new HashMap<>();
        Map<Long, Long> pairs = new TreeMap<>();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
        if (same.keep() == Keep.LAST) {
            Collections.reverse(order);
        }
        for (int row : order) {
            List<@Nullable Object> compared = compared(rows.get(row), same);
            if (!same.key().isEmpty() && compared.contains(null)) {
                continue;
            }
            Long known = stays.putIfAbsent(compared, (long) row);
            if (known != null) {
                pairs.put((long) row, known);
            }
        }
        return pairs;
    }

    private static List<@Nullable Object> compared(List<@Nullable Object> row, Sameness same) {
        List<@Nullable Object> compared = new ArrayList<>();
        List<Integer> columns =
                same.key().isEmpty() ? IntStream.range(0, row.size()).boxed().toList() : same.key();
        for (int column : columns) {
            Object value = row.get(column);
            if (value instanceof Double number) {
                compared.add(number + 0.0);
            } else if (value instanceof String text && TYPES.get(column) == ColumnType.DECIMAL) {
                compared.add(new BigDecimal(text).stripTrailingZeros());
            } else {
                compared.add(value);
            }
        }
        return compared;
    }

    private static List<List<@Nullable Object>> without(List<List<@Nullable Object>> rows, Map<Long, Long> out) {
        List<List<@Nullable Object>> left = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            if (!out.containsKey((long) row)) {
                left.add(rows.get(row));
            }
        }
        return left;
    }

    private static List<List<@Nullable Object>> randomRows(SplittableRandom random) {
        int count = random.nextInt(1 + random.nextInt(3_000));
        // From hardly any different rows to hardly any that are the same.
        int variety = 1 + random.nextInt(1 + random.nextInt(40));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            rows.add(row(
                    random.nextInt(8) == 0 ? null : "text".repeat(random.nextInt(2)) + random.nextInt(variety),
                    random.nextInt(8) == 0 ? null : (Long) (long) random.nextInt(variety),
                    random.nextInt(8) == 0 ? null : (Double) (random.nextInt(3) * (random.nextBoolean() ? 0.5 : -0.0)),
                    random.nextInt(8) == 0 ? null : randomDecimal(random, variety)));
        }
        return rows;
    }

    private static String randomDecimal(SplittableRandom random, int variety) {
        return (random.nextInt(4) == 0 ? "98765432109876543210" : "")
                + random.nextInt(variety)
                + List.of("", ".0", ".5", ".50").get(random.nextInt(4));
    }

    private static List<Integer> randomKey(SplittableRandom random) {
        return IntStream.range(0, TYPES.size())
                .filter(column -> column == 1 || random.nextBoolean())
                .boxed()
                .toList();
    }

    private static Sameness whole(Keep keep) {
        return new Sameness(TYPES.subList(0, 2), List.of(), keep);
    }

    private static Sameness key(Keep keep, Integer... columns) {
        return new Sameness(TYPES.subList(0, 2), List.of(columns), keep);
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private List<List<@Nullable Object>> distinct(
            List<? extends List<? extends @Nullable Object>> rows, int columns, Sameness same) throws Exception {
        return CollectedRows.of(search(one, AMPLE, rows, 2, same).leftOutOf(new ListRows(rows, 3)), columns);
    }

    private Duplicates search(
            Cores cores, long memory, List<? extends List<? extends @Nullable Object>> rows, int length, Sameness same)
            throws Exception {
        var terms = new DuplicateSearch.Terms(
                folder,
                SALT,
                Progress.SILENT,
                () -> spilled.compareAndSet(false, Files.exists(folder.resolve("duplicates.spill"))));
        return new DuplicateSearch(cores, memory).find(new ListRows(rows, length), same, terms);
    }
}
