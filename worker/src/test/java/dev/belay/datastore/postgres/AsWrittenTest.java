package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetScript;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Mode;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever goes in comes out as it was written, and is to the server what its text is to it.
@ExtendWith(TestDatabases.class)
final class AsWrittenTest {
    private static final List<Column> COLUMNS = List.of(
            Column.of("flag", ColumnType.BOOLEAN),
            Column.of("whole", ColumnType.INTEGER),
            new Column("exact", "exact", ColumnType.DECIMAL, 40, 20),
            Column.of("binary", ColumnType.DOUBLE),
            Column.of("day", ColumnType.DATE),
            Column.of("clock", ColumnType.TIME),
            Column.of("local", ColumnType.TIMESTAMP),
            Column.of("moment", ColumnType.TIMESTAMP),
            Column.of("id", ColumnType.UUID),
            Column.of("nested", ColumnType.JSON),
            Column.of("words", ColumnType.TEXT));

    private static final List<String> TYPES = List.of(
            "boolean",
            "bigint",
            "numeric",
            "double precision",
            "date",
            "time without time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "uuid",
            "json",
            "text");

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final DatasetScript air;

    AsWrittenTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.opened(database, schemas);
        air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void isToTheServerWhatItsTextIs() throws Exception {
        long seed = Long.getLong("belay.postgres.seed", System.nanoTime());
        System.out.println("AsWrittenTest: -Dbelay.postgres.seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            List<List<@Nullable Object>> rows = rows(random, 1 + random.nextInt(400));

            air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows);

            assertThat(air.rows()).as("seed %d, round %d", seed, round).isEqualTo(rows);
            assertThat(types()).isEqualTo(TYPES);
            compareWithTexts(rows);
        }
    }

    private void compareWithTexts(List<List<@Nullable Object>> rows) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE texts (_id bigint, at int, value text)");
            try (var insert = connection.prepareStatement("INSERT INTO texts VALUES (?, ?, ?)")) {
                for (int row = 0; row < rows.size(); row++) {
                    for (int at = 0; at < COLUMNS.size(); at++) {
                        Object value = rows.get(row).get(at);
                        insert.setLong(1, row + 1);
                        insert.setInt(2, at);
                        insert.setString(3, value == null ? null : value.toString());
                        insert.addBatch();
                    }
                }
                insert.executeBatch();
            }
            for (int at = 0; at < COLUMNS.size(); at++) {
                String column = COLUMNS.get(at).name();
                String back = TYPES.get(at).equals("json") ? "::text" : "";
                try (var results =
                        statement.executeQuery("""
                        SELECT count(*), count(*) FILTER (WHERE live.%s%s IS NOT DISTINCT FROM value::%s%2$s)
                        FROM texts JOIN %s.air AS live USING (_id) WHERE at = %d
                        """.formatted(column, back, TYPES.get(at), schemas.live(), at))) {
                    results.next();
                    assertThat(results.getLong(1)).isEqualTo(rows.size());
                    assertThat(results.getLong(2)).as(column).isEqualTo(rows.size());
                }
            }
        }
    }

    private List<String> types() throws SQLException {
        return database.texts("""
                SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                WHERE attrelid = '%s.air'::regclass AND attnum > 1 ORDER BY attnum
                """.formatted(schemas.live()));
    }

    private static List<List<@Nullable Object>> rows(Random random, int count) {
        int digits = random.nextInt(7);
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int at = 0; at < count; at++) {
            var values = new ArrayList<@Nullable Object>(List.of(
                    (long) random.nextInt(2),
                    random.nextLong() >> random.nextInt(64),
                    decimal(random),
                    finite(random),
                    day(random),
                    clock(random, digits),
                    day(random) + "T" + clock(random, digits),
                    day(random) + "T" + clock(random, digits) + "Z",
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    "{\"a\" : [%d, \"\\u0000\", {}], \"a\": 1}".formatted(random.nextInt(100)),
                    text(random)));
            // Not in the first row: its times show how they are written.
            for (int column = 0; column < values.size(); column++) {
                if (at > 0 && random.nextInt(5) == 0) {
                    values.set(column, null);
                }
            }
            rows.add(values);
        }
        return rows;
    }

    private static String decimal(Random random) {
        String whole = new BigInteger(random.nextInt(130), random).toString();
        int digits = random.nextInt(21);
        String decimals = digits == 0 ? "" : "." + "0".repeat(random.nextInt(digits + 1)) + random.nextInt(1_000_000);
        boolean isZero = (whole + decimals).chars().allMatch(symbol -> symbol == '0' || symbol == '.');
        return (random.nextBoolean() && !isZero ? "-" : "") + whole + decimals;
    }

    private static double finite(Random random) {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : 0;
    }

    private static String day(Random random) {
        long first = LocalDate.of(1, 1, 1).toEpochDay();
        long last = LocalDate.of(9999, 12, 31).toEpochDay();
        return LocalDate.ofEpochDay(random.nextLong(first, last + 1)).toString();
    }

    private static String clock(Random random, int digits) {
        String fraction = "%06d".formatted(random.nextInt(1_000_000)).substring(0, digits);
        return "%02d:%02d:%02d".formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60))
                + (digits == 0 ? "" : "." + fraction);
    }

    private static String text(Random random) {
        String symbols = "ab\\ \"'\n\t\u0001\u00e4\u20ac\ud83d\ude00.,";
        int length = random.nextInt(50) == 0 ? 200_000 : random.nextInt(40);
        int[] points = symbols.codePoints().toArray();
        var text = new StringBuilder();
        while (text.length() < length) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, 1.50, 2, numeric",
        "DECIMAL, 10000, 0.00010000, numeric",
        "DECIMAL, 1.5, 1., text",
        "DECIMAL, 1.5, 01.5, text",
        "DATE, 0001-01-01, 9999-12-31, date",
        "DATE, 2026-02-28, 2026-02-30, text",
        "TIME, 10:30, 23:59, time without time zone",
        "TIME, 10:30, 10:30:00, text",
        "TIME, 10:30:00.123456, 10:30:00.000000, time without time zone",
        "TIME, 10:30:00.1234567, 10:30:00.1234567, text",
        "TIMESTAMP, 2026-11-29T10:30:00Z, 0001-01-01T00:00:00Z, timestamp with time zone",
        "TIMESTAMP, 2026-11-29T10:30:00+00:00, 2026-11-29T10:30:01+00:00, timestamp with time zone",
        "TIMESTAMP, 2026-11-29T10:30:00+01:00, 2026-11-29T10:30:01+01:00, text",
        "TIMESTAMP, 2026-11-29T10:30:00Z, 2026-11-29T10:30:00.5Z, text",
        "UUID, 0123abcd-0000-4000-8000-0123456789ab, 0123abcd-0000-4000-8000-0123456789ac, uuid",
        "UUID, 0123abcd-0000-4000-8000-0123456789ab, 0123ABCD-0000-4000-8000-0123456789AC, text",
    })
    void takesATypeOnlyWhenEveryValueComesBackAsItWasWritten(
            ColumnType type, String first, String second, String expected) throws Exception {
        air.loadAll(
                Mode.REPLACE,
                List.of(new Column("a", "a", type, 9, 4)),
                List.of(),
                List.of(row((Object) null), row(first), row(second)));

        assertThat(air.rows()).containsExactly(row((Object) null), row(first), row(second));
        assertThat(types()).containsExactly(expected);
    }

    @Test
    void takesTheFormOfTimesThatComeLate() throws Exception {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int at = 0; at < 1500; at++) {
            rows.add(row((Object) null));
        }
        rows.add(row("2026-11-29T10:30:00.123Z"));
        rows.add(row("2026-11-29T10:30:00.100Z"));

        air.loadAll(Mode.REPLACE, List.of(Column.of("a", ColumnType.TIMESTAMP)), List.of(), rows);

        assertThat(air.rows()).isEqualTo(rows);
        assertThat(types()).containsExactly("timestamp with time zone");
    }

    /// Parts of a table, of a thousand rows each here, are encoded side by side, each by itself.
    @ParameterizedTest
    @CsvSource({
        ", 10:30:00.5, 11:30:00.5, time without time zone",
        ", 10:30:00.5, 11:30, text",
        "10:30:00, 10:30:00, 11:30:00, time without time zone",
        "10:30:00, 10:30, 11:30, text",
        "10:30:00, 10:30:00, soon, text",
    })
    void takesPartsOfATableTogether(@Nullable String first, String second, String third, String expected)
            throws Exception {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (String part : Arrays.asList(first, second, third)) {
            for (int at = 0; at < 1000; at++) {
                rows.add(row(part, (long) rows.size()));
            }
        }

        air.loadAll(
                Mode.REPLACE,
                List.of(Column.of("a", ColumnType.TIME), Column.of("b", ColumnType.INTEGER)),
                List.of(),
                rows);

        assertThat(air.rows()).isEqualTo(rows);
        assertThat(types()).containsExactly(expected, "bigint");
    }

    @Test
    void addsToTheRowsOfABaseThatWroteItsTimesOtherwise() throws Exception {
        List<Column> column = List.of(Column.of("a", ColumnType.TIME), Column.of("b", ColumnType.DOUBLE));
        air.loadAll(Mode.REPLACE, column, List.of(), List.of(row("10:30", 1e10), row("11:30", 0.001)));
        air.loadAll(Mode.APPEND, column, List.of(), List.of(row("12:30", 2.0)));
        assertThat(types()).containsExactly("time without time zone", "double precision");

        List<Column> wider = List.of(column.getFirst(), Column.of("b", ColumnType.TEXT));
        air.loadAll(Mode.UPSERT, wider, List.of("a"), List.of(row("12:30:15", "x"), row("11:30", "y")));

        assertThat(air.rows())
                .containsExactly(row("10:30", "1.0E10"), row("11:30", "y"), row("12:30", "2.0"), row("12:30:15", "x"));
        assertThat(types()).containsExactly("text", "text");
    }
}
