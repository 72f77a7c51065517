package dev.belay.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.FailureCode;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDatabaseTest {
    private static final FaultPoint STEP = FaultPoint.JOURNAL_BEAT;
    private static final Migrations FIRST =
            new Migrations(4711, "ledger", List.of("CREATE TABLE t (a, b);\nCREATE INDEX i ON t (a);\n"));
    private static final Migrations SECOND =
            new Migrations(4711, "ledger", List.of(FIRST.steps().getFirst(), "ALTER TABLE t ADD COLUMN c;"));

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("ledger.db");
    }

    private static <T> Optional<T> first(SqliteDatabase database, String sql, Row.Reader<T> reader) {
        return database.read(session -> session.first(sql, reader));
    }

    private static long rows(SqliteDatabase database) {
        return database.read(session -> session.first("SELECT count(*) AS n FROM t", row -> row.number("n"))
                .orElseThrow());
    }

    @Test
    void keepsAllOfATransactionOrNothing() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            database.write(STEP, session -> session.update("INSERT INTO t VALUES (1, 2)"));

            assertThatThrownBy(() -> database.write(STEP, session -> {
                        session.update("INSERT INTO t VALUES (3, 4)");
                        throw new IllegalStateException("changed my mind");
                    }))
                    .hasMessage("changed my mind");

            assertThat(rows(database)).isEqualTo(1);
        }
        try (var again = SqliteDatabase.open(file(), FIRST)) {
            assertThat(rows(again)).isEqualTo(1);
        }
    }

    @Test
    void commitsSurviveAPowerCut() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            List<String> settings = database.write(
                    STEP,
                    session -> List.of(
                            session.first("PRAGMA journal_mode", row -> row.text("journal_mode"))
                                    .orElseThrow(),
                            session.first("PRAGMA synchronous", row -> row.text("synchronous"))
                                    .orElseThrow(),
                            session.first("PRAGMA foreign_keys", row -> row.text("foreign_keys"))
                                    .orElseThrow()));

            assertThat(settings).containsExactly("wal", "2", "1");
        }
    }

    @Test
    void refusesAForeignFileWithANegativeStamp() throws Exception {
        try (var foreign = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = foreign.createStatement()) {
            statement.execute("PRAGMA user_version = -5");
        }

        var refused = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.open(file(), FIRST));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
    }

    @Test
    void bindsEveryKindOfValue() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            for (Object value : new Object[] {
                Optional.of("x"),
                Optional.empty(),
                OptionalLong.of(7),
                OptionalLong.empty(),
                OptionalInt.of(8),
                OptionalInt.empty(),
                Instant.EPOCH,
                true,
                Path.of("text of it"),
                new byte[] {1}
            }) {
                database.write(STEP, session -> session.update("INSERT INTO t VALUES (?, typeof(?))", value, value));
            }

            List<String> stored = database.read(session -> session.list(
                    "SELECT b, a FROM t",
                    row -> row.text("b")
                            + row.optionalText("a").map(a -> " " + a).orElse("")));

            assertThat(stored)
                    .containsExactly(
                            "text x",
                            "null",
                            "integer 7",
                            "null",
                            "integer 8",
                            "null",
                            "text 1970-01-01T00:00:00Z",
                            "integer 1",
                            "text text of it",
                            "blob \u0001");
        }
    }

    @Test
    void readsOnlyWhatIsThere() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            database.write(STEP, session -> session.update("INSERT INTO t VALUES (NULL, ?)", new byte[] {1, 2}));

            assertThat(first(
                            database,
                            "SELECT * FROM t",
                            row -> row.optionalNumber("a").isEmpty()
                                    && row.optionalText("a").isEmpty()))
                    .contains(true);
            assertThat(first(database, "SELECT b FROM t", row -> row.bytes("b")))
                    .contains(new byte[] {1, 2});
            for (Row.Reader<Object> reader :
                    List.<Row.Reader<Object>>of(row -> row.text("a"), row -> row.number("a"), row -> row.bytes("a"))) {
                assertThatThrownBy(() -> database.read(session -> session.first("SELECT * FROM t", reader)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a is NULL");
            }
        }
    }

    @Test
    void rollsBackWhenAnotherNumberOfRowsChangedThanExpected() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            assertThatThrownBy(() -> database.write(STEP, session -> {
                        session.update("INSERT INTO t VALUES (1, 1), (1, 2)");
                        session.updateOne("UPDATE t SET b = 0 WHERE a = ?", 1);
                        return true;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not 2");

            assertThat(rows(database)).isZero();
        }
    }

    @Test
    void takesAWrongStatementForADefectOfOurs() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            assertThatThrownBy(() -> database.write(STEP, session -> session.update("INSERT INTO nowhere VALUES (1)")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void neverWritesThroughARead() {
        try (var database = SqliteDatabase.open(file(), FIRST)) {
            assertThatThrownBy(() -> database.read(session -> session.update("INSERT INTO t VALUES (1, 2)")))
                    .isInstanceOf(Unavailable.class);
            assertThat(rows(database)).isZero();
        }
    }

    @Test
    void migratesAnOlderFileOnce() {
        try (var old = SqliteDatabase.open(file(), FIRST)) {
            old.write(STEP, session -> session.update("INSERT INTO t VALUES (1, 2)"));
        }

        try (var newer = SqliteDatabase.open(file(), SECOND);
                var again = SqliteDatabase.open(file(), SECOND)) {
            newer.write(STEP, session -> session.update("INSERT INTO t VALUES (1, 2, 3)"));
            assertThat(rows(again)).isEqualTo(2);
        }
    }

    @Test
    @FaultRow("J7")
    void refusesAFileOfANewerProgramButReadsIt() {
        SqliteDatabase.open(file(), SECOND).close();

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.open(file(), FIRST));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
        assertThat(failed).hasMessageContaining("ledger version 2").hasMessageContaining("up to 1");
        try (var reader = SqliteDatabase.openReadOnly(file())) {
            assertThat(rows(reader)).isZero();
        }
    }

    @Test
    @FaultRow("G2")
    void waitsForAnotherProcessThatWritesWhileTheFileIsMade() throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = other.createStatement();
                Faults.Arm _ =
                        Faults.arm(FaultPoint.DATABASE_WAL, Side.BEFORE, () -> execute(statement, "BEGIN IMMEDIATE"))) {
            var opened = new FutureTask<>(() -> SqliteDatabase.open(file(), FIRST));
            Thread opening = Thread.ofPlatform().start(opened);
            // It has been refused once, or has given up.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> opening.getState() == Thread.State.TIMED_WAITING || opened.isDone());
            execute(statement, "COMMIT");

            try (SqliteDatabase database = opened.get(60, TimeUnit.SECONDS)) {
                assertThat(rows(database)).isZero();
            }
        }
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void leavesSomeoneElsesDatabaseAsItIs() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE theirs (x)");
        }
        byte[] before = Files.readAllBytes(file());

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.open(file(), FIRST));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void refusesAnotherProgramsStamp() {
        SqliteDatabase.open(file(), FIRST).close();
        var other = new Migrations(4712, "catalog", FIRST.steps());

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.open(file(), other));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
        assertThat(failed).hasMessageContaining("not a catalog of Belay");
    }

    @Test
    @FaultRow("G1")
    void leavesNothingOfAStepThatFails() {
        var broken = new Migrations(
                4711, "ledger", List.of(FIRST.steps().getFirst(), "CREATE TABLE u (a);\nCREATE TABLE t (a);\n"));
        assertThatThrownBy(() -> SqliteDatabase.open(file(), broken)).isInstanceOf(IllegalStateException.class);

        try (var database = SqliteDatabase.open(file(), SECOND)) {
            List<String> names =
                    database.read(session -> session.list("SELECT name FROM sqlite_schema", row -> row.text("name")));
            assertThat(names).containsExactly("t", "i");
        }
    }

    @Test
    void namesAFolderThatIsMissing() {
        Path nowhere = folder.resolve("nowhere/ledger.db");

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.open(nowhere, FIRST));
        Unavailable unread = catchThrowableOfType(Unavailable.class, () -> SqliteDatabase.openReadOnly(nowhere));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_READ_ONLY);
        assertThat(failed).hasMessageContaining(nowhere.toString());
        assertThat(unread).hasMessageContaining(nowhere.toString());
    }

    @Test
    @FaultRow("P3")
    void losesNoTransactionOfTwoWriters() throws Exception {
        try (var one = SqliteDatabase.open(file(), FIRST);
                var two = SqliteDatabase.open(file(), FIRST);
                var threads = Executors.newFixedThreadPool(4)) {
            one.write(STEP, session -> session.update("INSERT INTO t VALUES (0, 0)"));
            var start = new CyclicBarrier(4);
            var done = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        start.await();
                        for (int at = 0; at < 25; at++) {
                            (thread % 2 == 0 ? one : two).write(STEP, SqliteDatabaseTest::addOne);
                        }
                        return true;
                    }))
                    .toList();
            for (var thread : done) {
                thread.get();
            }

            assertThat(first(one, "SELECT a FROM t", row -> row.number("a"))).contains(100L);
        }
    }

    // Reads, then writes what it read plus one: lost if another wrote in between.
    private static boolean addOne(Session session) throws SQLException {
        long now = session.first("SELECT a FROM t", row -> row.number("a")).orElseThrow();
        session.updateOne("UPDATE t SET a = ?", now + 1);
        return true;
    }

    @Test
    void quotesEveryNameThatCanBeQuoted() {
        assertThat(SqlNames.quoted("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(SqlNames.quoted("")).isEqualTo("\"\"");
        assertThatThrownBy(() -> SqlNames.quoted("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
