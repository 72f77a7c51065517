package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetScript;
import dev.belay.disk.DurableFiles;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// Whatever typed table goes in comes out again, value by value and type by type.
final class RoundTripTest {
    /// A table of one kind of column for each type.
    record Table(List<Column> columns, List<? extends List<? extends @Nullable Object>> rows) {}

    private static final List<Column> COLUMNS = List.of(
            Column.of("flag", ColumnType.BOOLEAN),
            Column.of("whole", ColumnType.INTEGER),
            new Column("short", "short", ColumnType.DECIMAL, 15, 7),
            new Column("long", "long", ColumnType.DECIMAL, 40, 20),
            Column.of("binary", ColumnType.DOUBLE),
            Column.of("day", ColumnType.DATE),
            Column.of("moment", ColumnType.TIMESTAMP),
            Column.of("words", ColumnType.TEXT));

    private static final List<String> STORED =
            List.of("integer", "integer", "real", "text", "real", "text", "text", "text");

    @Property(tries = 60)
    void whatGoesInComesOut(@ForAll("tables") Table table) throws Exception {
        Path folder = Files.createTempDirectory("round-trip");
        try (var store = SqliteDatastore.open(folder, DatasetScript.ids())) {
            var script = new DatasetScript(store, "t", DatasetScript.ids());
            store.fence(script.dataset(), new Epoch(1));

            script.loadAll(Mode.REPLACE, table.columns(), List.of(), table.rows());

            assertThat(script.rows()).isEqualTo(table.rows());
            assertThat(store.isIntact(script.head())).isTrue();
            checkTypes(store.file(script.head()).orElseThrow(), table);
        } finally {
            DurableFiles.remove(folder);
        }
    }

    private static void checkTypes(Path file, Table table) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (int at = 0; at < table.columns().size(); at++) {
                String name = table.columns().get(at).name();
                try (var results = statement.executeQuery(
                        "SELECT DISTINCT typeof(\"" + name + "\") FROM t WHERE \"" + name + "\" IS NOT NULL")) {
                    while (results.next()) {
                        assertThat(results.getString(1)).as(name).isEqualTo(STORED.get(at));
                    }
                }
            }
        }
    }

    @Provide
    Arbitrary<Table> tables() {
        List<Arbitrary<@Nullable Object>> cells = List.of(
                nullable(Arbitraries.longs().between(0, 1)),
                nullable(Arbitraries.longs()),
                nullable(decimals(8, 7)),
                nullable(decimals(20, 20)),
                // Minus zero comes back as zero: SQLite keeps whole doubles as integers.
                nullable(Arbitraries.doubles().map(number -> number == 0 ? 0.0 : number)),
                nullable(Combinators.combine(digits(4), digits(2)).as((year, rest) -> year + "-01-" + rest)),
                nullable(digits(4).map(year -> year + "-12-31T23:59:59.5Z")),
                nullable(Arbitraries.oneOf(
                        Arbitraries.of(
                                "007", "1e5", "0x10", "", " 1 ", "NULL", "nan", "1.0", "\0a", "'\"", "\ud83d\ude00"),
                        Arbitraries.strings().ofMaxLength(60).filter(RoundTripTest::isText),
                        Arbitraries.strings().alpha().ofLength(9000))));
        return Combinators.combine(cells).as(row -> row).list().ofMaxSize(120).map(rows -> new Table(COLUMNS, rows));
    }

    private static Arbitrary<@Nullable Object> nullable(Arbitrary<?> some) {
        return some.<@Nullable Object>map(value -> value).injectNull(0.1);
    }

    private static Arbitrary<String> digits(int length) {
        return Arbitraries.strings().numeric().ofLength(length);
    }

    // Written as a decimal is when it has no needless zeros.
    private static Arbitrary<String> decimals(int whole, int fraction) {
        return Combinators.combine(
                        Arbitraries.of("", "-"),
                        Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(whole - 1),
                        Arbitraries.strings().numeric().ofMaxLength(fraction - 1))
                .as((sign, high, low) -> sign + "1" + high + "." + low + "1");
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
