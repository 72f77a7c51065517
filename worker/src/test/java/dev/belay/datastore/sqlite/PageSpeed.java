package dev.belay.datastore.sqlite;

import dev.belay.datastore.StagingPlan;
import dev.belay.datastore.sqlite.pages.Blocks;
import dev.belay.disk.DurableFiles;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/// Measures how fast rows that are in memory already become a staged file; run by hand, never as a test.
///
/// Arguments: a scratch folder, `mixed`, `narrow` or `wide`, rounds, page size (0: as it is chosen), threads (0: JDBC).
public final class PageSpeed {
    private static final int POOL = 997;
    private static final int ROWS_OF_A_PART = 10_000;

    private PageSpeed() {}

    /// @param arguments see above
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String kind = arguments[1];
        int rounds = Integer.parseInt(arguments[2]);
        int pageSize = Integer.parseInt(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        Pooled table = table(kind);
        var cores = new Cores(Math.max(1, threads));
        var loading = new PageLoading(
                threads == 0 ? Optional.empty() : Optional.of(cores),
                new Blocks(4),
                pageSize == 0 ? OptionalInt.empty() : OptionalInt.of(pageSize),
                true);
        for (int round = 0; round < rounds; round++) {
            round(folder.resolve("round-" + round), table, loading);
        }
        loading.close();
    }

    private static void round(Path folder, Pooled table, PageLoading loading) throws Exception {
        var versions = new VersionFiles(folder);
        StagingPlan plan = plan(table.columns());
        long began = System.nanoTime();
        new VersionBuilder(versions, loading).stage(plan, table, Progress.SILENT);
        long staged = System.nanoTime();
        Path file = versions.building(VersionName.of(plan));
        DurableFiles.fsync(file);
        long durable = System.nanoTime();
        double bytes = Files.size(file) / 1e6;
        System.out.printf(
                "stage %6.3f s  %,11.0f rows/s  %6.0f MB/s of %4.0f MB   fsync %6.3f s%n",
                (staged - began) / 1e9,
                table.rows() / ((staged - began) / 1e9),
                bytes / ((staged - began) / 1e9),
                bytes,
                (durable - staged) / 1e9);
        DurableFiles.remove(folder);
    }

    private static StagingPlan plan(List<Column> columns) {
        var operation = new OperationId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        return new StagingPlan(
                new DatasetId("speed"),
                operation,
                operation.commitId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                columns,
                IntStream.range(0, columns.size()).boxed().toList(),
                List.of());
    }

    private static Pooled table(String kind) {
        return switch (kind) {
            case "mixed" -> Pooled.of(1_000_000, "iTTtttttttttttttttdd");
            case "narrow" -> Pooled.of(5_000_000, "iiirrd");
            case "wide" -> Pooled.of(50_000, "irdtiirdti".repeat(30));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /// Rows from a pool of values, again and again.
    ///
    /// @param texts the texts of all rows, one after the other as in a file
    @SuppressWarnings("ArrayRecordComponent") // A pool that nobody compares.
    private record Pooled(long rows, List<Column> columns, long[][] numbers, byte[] texts, int[] starts)
            implements TypedTable {
        static Pooled of(long rows, String forms) {
            var random = new Random(1);
            var columns = new ArrayList<Column>();
            var numbers = new long[forms.length()][POOL];
            var texts = new byte[forms.length()][POOL][];
            for (int at = 0; at < forms.length(); at++) {
                ColumnType type = switch (forms.charAt(at)) {
                    case 'i' -> ColumnType.INTEGER;
                    case 'r' -> ColumnType.DOUBLE;
                    case 'd' -> ColumnType.DECIMAL;
                    case 'T' -> ColumnType.TIMESTAMP;
                    default -> ColumnType.TEXT;
                };
                boolean isDecimal = type == ColumnType.DECIMAL;
                columns.add(new Column("c" + at, "c" + at, type, isDecimal ? 9 : 0, isDecimal ? 5 : 0));
                int most = forms.length() == 20 ? 5 + at * 3 % 50 : 12;
                for (int row = 0; row < POOL; row++) {
                    numbers[at][row] = random.nextInt(100_000_000) - 20_000_000L;
                    String text = switch (type) {
                        case DECIMAL ->
                            java.math.BigDecimal.valueOf(numbers[at][row], 5).toPlainString();
                        case TIMESTAMP -> "2026-11-25T0%d:%d:12".formatted(row % 10, 10 + row % 50);
                        default ->
                            "some words in a cell of a table of things that were said by phone"
                                    .substring(0, Math.min(60, most / 2 + random.nextInt(most)));
                    };
                    texts[at][row] = text.getBytes(StandardCharsets.UTF_8);
                }
            }
            return flat(rows, columns, numbers, texts);
        }

        private static Pooled flat(long rows, List<Column> columns, long[][] numbers, byte[][][] texts) {
            var bytes = new java.io.ByteArrayOutputStream();
            var starts = new int[POOL * columns.size() + 1];
            for (int at = 0; at < POOL * columns.size(); at++) {
                starts[at] = bytes.size();
                bytes.writeBytes(texts[at % columns.size()][at / columns.size()]);
            }
            starts[starts.length - 1] = bytes.size();
            return new Pooled(rows, columns, numbers, bytes.toByteArray(), starts);
        }

        @Override
        public int parts() {
            return (int) ((rows + ROWS_OF_A_PART - 1) / ROWS_OF_A_PART);
        }

        @Override
        public long rowsBefore(int part) {
            return (long) part * ROWS_OF_A_PART;
        }

        @Override
        public void read(int part, RowSink sink) throws JobFailure, IOException {
            long from = rowsBefore(part);
            ColumnType[] types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
            for (long row = from; row < Math.min(rows, from + ROWS_OF_A_PART); row++) {
                int at = (int) (row % POOL);
                for (int column = 0; column < types.length; column++) {
                    int start = starts[at * types.length + column];
                    int end = starts[at * types.length + column + 1];
                    switch (types[column]) {
                        case INTEGER -> sink.integer(column, numbers[column][at]);
                        case DOUBLE -> sink.real(column, numbers[column][at] * 0.37);
                        case DECIMAL -> sink.decimal(column, texts, start, end, numbers[column][at], 5);
                        default -> sink.text(column, texts, start, end);
                    }
                }
                sink.endRow();
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
