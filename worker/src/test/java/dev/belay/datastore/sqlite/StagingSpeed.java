package dev.belay.datastore.sqlite;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Measures staging and publishing beside `sqlite3 .import` of the same rows; run by hand, never as a test.
///
/// Arguments: a scratch folder, the number of rows. Run it with the test class path.
public final class StagingSpeed {
    private static final List<Column> COLUMNS = List.of(
            Column.of("id", ColumnType.INTEGER),
            Column.of("station", ColumnType.TEXT),
            Column.of("day", ColumnType.DATE),
            new Column("value", "value", ColumnType.DECIMAL, 8, 3),
            Column.of("level", ColumnType.DOUBLE),
            Column.of("remark", ColumnType.TEXT));

    private StagingSpeed() {}

    /// @param arguments scratch folder, rows
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        long bytes = writeCsv(folder.resolve("rows.csv"), count);
        try (var store = SqliteDatastore.open(folder.resolve("data"), DatasetScript.ids())) {
            var script = new DatasetScript(store, "speed", DatasetScript.ids());
            store.fence(script.dataset(), new Epoch(1));
            for (int round = 0; round < 4; round++) {
                long began = System.nanoTime();
                importWithShell(folder, "import-" + round + ".db");
                report(".import", began, count, bytes);
                load(store, script, Mode.REPLACE, count, bytes);
            }
            load(store, script, Mode.UPSERT, count, bytes);
            load(store, script, Mode.APPEND, 1000, bytes);
        }
    }

    private static void load(SqliteDatastore store, DatasetScript script, Mode mode, int count, long bytes)
            throws Exception {
        StagingPlan plan = mode == Mode.UPSERT ? script.plan(mode, COLUMNS, "id") : script.plan(mode, COLUMNS);
        long began = System.nanoTime();
        Staged staged = store.stage(plan, new GeneratedRows(count), Progress.SILENT);
        report("stage " + mode, began, count, bytes);
        began = System.nanoTime();
        Staged sealed = store.seal(plan, staged);
        report("seal", began, count, bytes);
        Publication publication = script.publication(plan, sealed);
        began = System.nanoTime();
        store.publish(publication);
        report("publish", began, count, bytes);
        began = System.nanoTime();
        store.expose(script.dataset());
        report("expose", began, count, bytes);
    }

    private static void report(String what, long began, int count, long bytes) {
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%-14s %7.3f s  %,9.0f rows/s  %6.1f MB/s%n", what, seconds, count / seconds, bytes / seconds / 1e6);
    }

    private static long writeCsv(Path file, int count) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (long at = 0; at < count; at++) {
                out.write(Long.toString(at));
                for (int column = 1; column < COLUMNS.size(); column++) {
                    out.write("," + GeneratedRows.value(at, column));
                }
                out.write("\n");
            }
        }
        return Files.size(file);
    }

    private static void importWithShell(Path folder, String database) throws Exception {
        Files.deleteIfExists(folder.resolve(database));
        String create = "CREATE TABLE speed (id INTEGER, station TEXT, day DATE, value REAL, level REAL, remark TEXT)";
        new ProcessBuilder(
                        "sqlite3",
                        database,
                        "PRAGMA journal_mode = OFF",
                        "PRAGMA synchronous = OFF",
                        create,
                        ".mode csv",
                        ".import rows.csv speed")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /// The same rows every time.
    private record GeneratedRows(long rows) implements TypedTable {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public long rowsBefore(int part) {
            return 0;
        }

        @Override
        public void read(int part, RowSink sink) throws JobFailure, IOException {
            for (long at = 0; at < rows; at++) {
                sink.integer(0, at);
                for (int column = 1; column < COLUMNS.size(); column++) {
                    ListRows.give(sink, column, value(at, column));
                }
                sink.endRow();
            }
        }

        private static Object value(long at, int column) {
            return switch (column) {
                case 1 -> "station-" + at % 977;
                case 2 -> "2026-" + (10 + at % 3) + "-" + (10 + at % 19);
                case 3 -> at % 99991 + "." + (100 + at % 899);
                case 4 -> at * 0.37;
                default -> "measured by instrument " + at % 31 + " at noon";
            };
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
