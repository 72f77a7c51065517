package dev.belay.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.kit.Injections;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.kit.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;

@ExtendWith(TestDatabases.class)
final class PostgresDatabaseTest {
    private static final FaultPoint STEP = FaultPoint.JOURNAL_BEAT;
    private static final long DEADLINE_SECONDS = 60;
    private static final int OURS = 4711;
    private static final Migrations FIRST = new Migrations(
            OURS, "ledger", List.of("CREATE TABLE t (a bigint, b text, c bytea);\nCREATE INDEX i ON t (a);\n"));
    private static final Migrations SECOND =
            new Migrations(OURS, "ledger", List.of(FIRST.steps().getFirst(), "ALTER TABLE t ADD COLUMN d text;"));

    private final TestDatabase database;
    private final String schema;

    PostgresDatabaseTest(TestDatabase database) {
        this.database = database;
        this.schema = database.newSchema();
    }

    private PostgresAddress address() {
        return new PostgresAddress(database.url(), database.user(), database.password());
    }

    private PostgresDatabase open(Migrations migrations) {
        return open(migrations, PostgresDatabase.BUSY_BUDGET);
    }

    private PostgresDatabase open(Migrations migrations, Duration patience) {
        var use = new PostgresDatabase.Use(schema, 4, patience);
        return PostgresDatabase.open(address(), use, migrations, new Random(1));
    }

    private static <T> List<T> list(Database database, String sql, Row.Reader<T> reader) {
        return database.read(session -> session.list(sql, reader));
    }

    private static long rows(Database database) {
        return database.read(session -> session.first("SELECT count(*) AS n FROM t", row -> row.number("n"))
                .orElseThrow());
    }

    private static boolean insert(Session session, long value) throws SQLException {
        session.updateOne("INSERT INTO t (a) VALUES (?)", value);
        return true;
    }

    @Test
    void keepsAllOfATransactionOrNothing() {
        try (var ledger = open(FIRST)) {
            ledger.write(STEP, session -> insert(session, 1));

            assertThatThrownBy(() -> ledger.write(STEP, session -> {
                        insert(session, 2);
                        throw new IllegalStateException("changed my mind");
                    }))
                    .hasMessage("changed my mind");

            assertThat(rows(ledger)).isEqualTo(1);
        }
        try (var again = open(FIRST)) {
            assertThat(rows(again)).isEqualTo(1);
        }
    }

    @Test
    void commitsAreDurableThoughTheServerWouldNotCare() throws SQLException {
        database.execute("ALTER DATABASE %s SET synchronous_commit = off"
                .formatted(database.texts("SELECT current_database()").getFirst()));
        try (var ledger = open(FIRST)) {
            assertThat(setting(ledger, "synchronous_commit")).isEqualTo("on");
        }
    }

    @Test
    void knowsNoTablesButThoseOfItsSchema() throws SQLException {
        database.execute("CREATE TABLE IF NOT EXISTS public.theirs (a bigint)");
        try (var ledger = open(FIRST)) {
            assertThat(setting(ledger, "search_path")).isEqualTo('"' + schema + '"');
            assertThatThrownBy(
                            () -> ledger.read(session -> session.list("SELECT a FROM theirs", row -> row.number("a"))))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static String setting(PostgresDatabase ledger, String name) {
        return ledger.write(
                STEP,
                session -> session.first("SELECT current_setting(?) AS value", row -> row.text("value"), name)
                        .orElseThrow());
    }

    @Test
    void bindsEveryKindOfValue() {
        try (var ledger = open(FIRST)) {
            for (Object value : new Object[] {
                Optional.of("x"), Optional.empty(), Instant.EPOCH, Path.of("text of it"),
            }) {
                ledger.write(STEP, session -> session.update("INSERT INTO t (b) VALUES (?)", value));
            }
            for (Object value : new Object[] {
                OptionalLong.of(7), OptionalLong.empty(), OptionalInt.of(8), OptionalInt.empty(), true, 9L, 10
            }) {
                ledger.write(STEP, session -> session.update("INSERT INTO t (a) VALUES (?)", value));
            }
            ledger.write(STEP, session -> session.update("INSERT INTO t (c) VALUES (?)", new byte[] {1, 2}));

            assertThat(list(ledger, "SELECT b FROM t WHERE b IS NOT NULL", row -> row.text("b")))
                    .containsExactly("x", "1970-01-01T00:00:00Z", "text of it");
            assertThat(list(ledger, "SELECT a FROM t WHERE a IS NOT NULL", row -> row.number("a")))
                    .containsExactly(7L, 8L, 1L, 9L, 10L);
            assertThat(list(ledger, "SELECT c FROM t WHERE c IS NOT NULL", row -> row.bytes("c")))
                    .containsExactly(new byte[] {1, 2});
        }
    }

    @Test
    void takesAWrongStatementForADefectOfOurs() {
        try (var ledger = open(FIRST)) {
            assertThatThrownBy(() -> ledger.write(STEP, session -> session.update("INSERT INTO nowhere VALUES (1)")))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(rows(ledger)).isZero();
        }
    }

    @Test
    void tellsTheTimeOfTheServerAndNeverAnEarlierOneAfterALater() throws SQLException {
        try (var ledger = open(FIRST)) {
            var clock = new PostgresClock(ledger);
            Instant first = clock.instant();
            Instant between = Instant.parse(database.texts(
                            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                    .getFirst());
            Instant last = clock.instant();

            assertThat(first).isBeforeOrEqualTo(between);
            assertThat(last).isAfterOrEqualTo(first);
            assertThat(new PostgresClock(ledger).instant())
                    .as("one that asks now")
                    .isAfterOrEqualTo(between);
        }
    }

    /// A connection that was cut without a word would be waited for without an end.
    @Test
    void waitsForAnAnswerOnlySoLong() throws SQLException {
        Properties told = PostgresDatabase.driver(address(), new PostgresDatabase.Use(schema, 4));
        told.setProperty("user", database.user());
        told.setProperty("password", database.password());

        try (Connection connection = DriverManager.getConnection(address().url(), told)) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
            assertThat(connection.unwrap(PgConnection.class).getQueryExecutor().getApplicationName())
                    .isEqualTo("belay");
        }
        assertThat(told.values()).allMatch(String.class::isInstance);
    }

    /// As those who run a server set them for all their roles.
    @Test
    void noTimeOutOfTheRoleEndsAStatement() throws Exception {
        database.execute("ALTER ROLE %s IN DATABASE %s SET statement_timeout = '1ms'"
                .formatted(database.user(), address().url().replaceAll(".*/", "")));
        try (var ledger = open(FIRST)) {
            String said = ledger.load(
                    STEP,
                    connection -> new Session(connection)
                            .first(
                                    "SELECT pg_sleep(0.05)::text || current_setting('statement_timeout') AS said",
                                    row -> row.text("said"))
                            .orElseThrow());

            assertThat(said).isEqualTo("0");
        } finally {
            database.execute("ALTER ROLE %s IN DATABASE %s RESET statement_timeout"
                    .formatted(database.user(), address().url().replaceAll(".*/", "")));
        }
    }

    /// What a statement was about stands in the server's details, and what is a defect is logged.
    @Test
    void showsNoValueOfARowWhenAStatementIsWrong() {
        try (var ledger = open(FIRST)) {
            Throwable wrong = catchThrowable(() -> ledger.write(STEP, session -> {
                session.update("CREATE UNIQUE INDEX one ON t (b)");
                session.update("INSERT INTO t (b) VALUES (?)", "canary-7f3a");
                return session.update("INSERT INTO t (b) VALUES (?)", "canary-7f3a");
            }));

            var words = new StringWriter();
            wrong.printStackTrace(new PrintWriter(words));
            assertThat(words.toString()).contains("23505").doesNotContain("canary");
        }
    }

    /// The first of several hosts follows another one: it answers, but what it says may be late.
    @Test
    void worksWithTheOneOfSeveralServersThatTakesWrites() throws Exception {
        String name = address().url().replaceAll(".*/", "");
        assumeTrue(database.server().restartable(), "the server of the tests is embedded, so another one can be");
        try (TestPostgres other = TestPostgres.embedded();
                TestDatabase follower = TestDatabase.on(other, name)) {
            follower.execute("ALTER DATABASE %s SET default_transaction_read_only = on".formatted(name));
            String hosts = "%s,%s".formatted(host(follower), host(database));
            var both = new PostgresAddress(
                    "jdbc:postgresql://%s/%s".formatted(hosts, name), database.user(), database.password());
            try (var ledger = PostgresDatabase.open(both, new PostgresDatabase.Use(schema, 4), FIRST, new Random(1))) {
                ledger.write(STEP, session -> insert(session, 1));
                assertThat(rows(ledger)).isEqualTo(1);
            }
        }
    }

    private static String host(TestDatabase database) {
        return database.url().replaceAll("jdbc:postgresql://|/[^/]*$", "");
    }

    @Test
    void readsOneSnapshotAndNeverWrites() {
        try (var ledger = open(FIRST);
                var other = open(FIRST)) {
            long seen = ledger.read(session -> {
                session.list("SELECT a FROM t", row -> row.number("a"));
                other.write(STEP, writing -> insert(writing, 1));
                return session.first("SELECT count(*) AS n FROM t", row -> row.number("n"))
                        .orElseThrow();
            });

            assertThat(seen).isZero();
            assertThat(rows(ledger)).isEqualTo(1);
            assertThatThrownBy(() -> ledger.read(session -> insert(session, 2))).isInstanceOf(Unavailable.class);
            assertThat(rows(ledger)).isEqualTo(1);
        }
    }

    @Test
    void anIdleWorkerHoldsOneConnectionAndABusyOneNoMoreThanItMay() throws Exception {
        try (var ledger = open(FIRST);
                var threads = Executors.newFixedThreadPool(12)) {
            assertThat(connections()).isEqualTo(1);

            var four = new CountDownLatch(4);
            var highest = new AtomicInteger();
            List<Future<Boolean>> all = new ArrayList<>();
            for (int at = 0; at < 12; at++) {
                long value = at;
                all.add(threads.submit((Callable<Boolean>) () -> ledger.write(STEP, session -> {
                    // The first four are in it at once.
                    four.countDown();
                    inTime(() -> assertThat(four.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                            .as("four at once")
                            .isTrue());
                    highest.accumulateAndGet(connections(), Math::max);
                    return insert(session, value);
                })));
            }
            for (Future<Boolean> one : all) {
                one.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(highest).hasValue(4);
            assertThat(rows(ledger)).isEqualTo(12);
        }
    }

    @Test
    void twoThreadsThatAskInTurnsEndUpWithOneConnection() throws Exception {
        try (var ledger = open(FIRST);
                var one = Executors.newSingleThreadExecutor();
                var other = Executors.newSingleThreadExecutor()) {
            var both = new CyclicBarrier(2);
            Callable<Boolean> atOnce = () -> ledger.write(STEP, session -> {
                inTime(() -> both.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
                return true;
            });
            for (Future<Boolean> meeting : List.of(one.submit(atOnce), other.submit(atOnce))) {
                meeting.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(connections()).isEqualTo(2);

            await().atMost(PostgresDatabase.IDLE.multipliedBy(5)).until(() -> {
                for (var thread : List.of(one, other)) {
                    thread.submit(() -> ledger.write(STEP, session -> true)).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                }
                return connections() == 1;
            });
        }
    }

    @Test
    void holdsNoneWhereNoneIsKeptAndMakesOneWhenItIsAsked() {
        var use = new PostgresDatabase.Use(schema, 4).nothingKept();
        try (var ledger = PostgresDatabase.open(address(), use, FIRST, new Random(1))) {
            await().atMost(PostgresDatabase.IDLE.multipliedBy(5)).until(() -> connections() == 0);

            ledger.write(STEP, session -> insert(session, 1));

            assertThat(rows(ledger)).isEqualTo(1);
        }
    }

    private static void inTime(Injections.Work waiting) {
        try {
            waiting.run();
        } catch (Exception tooLate) {
            throw new IllegalStateException(tooLate);
        }
    }

    private int connections() {
        try {
            return Integer.parseInt(database.texts("""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'belay'
                    """).getFirst());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // ---- others in the way

    @Test
    @FaultRow("P3")
    void losesNoTransactionOfTwoWriters() throws Exception {
        try (var one = open(FIRST);
                var two = open(FIRST);
                var threads = Executors.newFixedThreadPool(4)) {
            one.write(STEP, session -> insert(session, 0));
            var start = new CyclicBarrier(4);
            var done = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        start.await();
                        for (int at = 0; at < 25; at++) {
                            (thread % 2 == 0 ? one : two).write(STEP, session -> {
                                long now = session.first("SELECT a FROM t FOR UPDATE", row -> row.number("a"))
                                        .orElseThrow();
                                session.updateOne("UPDATE t SET a = ?", now + 1);
                                return true;
                            });
                        }
                        return true;
                    }))
                    .toList();
            for (var thread : done) {
                thread.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(list(one, "SELECT a FROM t", row -> row.number("a"))).containsExactly(100L);
        }
    }

    @Test
    @FaultRow("P3")
    void runsAgainWhatADeadlockHasBrokenOff() throws Exception {
        try (var ledger = open(FIRST);
                var threads = Executors.newFixedThreadPool(2)) {
            ledger.write(STEP, session -> insert(session, 1) && insert(session, 2));
            var bothHoldOne = new CyclicBarrier(2);
            var runs = new AtomicInteger();
            var done = List.of(List.of(1, 2), List.of(2, 1)).stream()
                    .map(order -> threads.submit((Callable<Boolean>) () -> ledger.write(STEP, session -> {
                        boolean first = runs.getAndIncrement() < 2;
                        session.updateOne("UPDATE t SET b = 'x' WHERE a = ?", order.getFirst());
                        if (first) {
                            inTime(() -> bothHoldOne.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
                        }
                        session.updateOne("UPDATE t SET b = 'x' WHERE a = ?", order.getLast());
                        return true;
                    })))
                    .toList();
            for (var one : done) {
                assertThat(one.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }

            assertThat(runs).hasValue(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void runsAgainOnlySoOften(String state) {
        try (var ledger = open(FIRST)) {
            var runs = new AtomicInteger();

            Unavailable failed = catchThrowableOfType(
                    Unavailable.class,
                    () -> ledger.write(STEP, session -> {
                        runs.incrementAndGet();
                        return raise(session, state);
                    }));

            assertThat(failed.failure()).isInstanceOf(Failure.Transient.class);
            assertThat(runs).hasValue(10);
        }
    }

    @Test
    void waitsForALockOnlySoLong() throws Exception {
        try (var ledger = open(FIRST, Duration.ofSeconds(1));
                var other = database.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE %s.t".formatted(schema));

            Unavailable failed =
                    catchThrowableOfType(Unavailable.class, () -> ledger.write(STEP, session -> insert(session, 1)));

            assertThat(failed.failure()).isInstanceOf(Failure.Transient.class);
            other.rollback();
            assertThat(rows(ledger)).isZero();
        }
    }

    @Test
    void goesOnWhenAnotherWorkerHasChangedTheSchemaUnderItsPlans() throws SQLException {
        try (var old = open(FIRST)) {
            // So often that the driver keeps the plan on the server.
            for (int at = 0; at < 10; at++) {
                old.write(STEP, session -> session.list("SELECT * FROM t", row -> row.number("a")));
            }

            open(SECOND).close();

            assertThat(old.<List<Long>>write(STEP, session -> session.list("SELECT * FROM t", row -> row.number("a"))))
                    .isEmpty();
        }
    }

    // ---- what cannot be used

    @ParameterizedTest
    @CsvSource({
        "53100, Configuration, DISK_FULL",
        "53200, Transient, STORE_UNAVAILABLE",
        "53300, Transient, STORE_UNAVAILABLE",
        "25006, Configuration, STORE_READ_ONLY",
        "25P03, Transient, STORE_UNAVAILABLE",
        "25P04, Transient, STORE_UNAVAILABLE",
        "42501, Configuration, STORE_FORBIDDEN",
        "55P03, Transient, STORE_UNAVAILABLE",
        "57014, Transient, STORE_UNAVAILABLE",
        "58030, Transient, STORE_UNAVAILABLE",
        "XX000, Transient, STORE_UNAVAILABLE",
        "XX001, Corrupt, STORE_CORRUPT",
        "XX002, Corrupt, STORE_CORRUPT"
    })
    void tellsByTheStateWhatIsWrong(String state, String kind, FailureCode code) {
        try (var ledger = open(FIRST)) {
            Unavailable failed =
                    catchThrowableOfType(Unavailable.class, () -> ledger.write(STEP, session -> raise(session, state)));

            assertThat(failed.failure().kind()).isEqualTo(kind);
            assertThat(failed.failure().code()).isEqualTo(code);
            assertThat(rows(ledger)).isZero();
        }
    }

    /// Lets the server fail as it would by itself.
    private static boolean raise(Session session, String state) throws SQLException {
        session.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '%s'; END $$".formatted(state));
        return true;
    }

    @Test
    void whoIsInterruptedWhileItWaitsForAConnectionHasFoundAnOutage() {
        try (var ledger = openNarrow()) {
            Unavailable failed = ledger.write(STEP, session -> {
                Thread.currentThread().interrupt();
                try {
                    return catchThrowableOfType(Unavailable.class, () -> rows(ledger));
                } finally {
                    assertThat(Thread.interrupted()).as("kept").isTrue();
                }
            });

            assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void aUserThatMayNotComeInIsToldApartFromAnOutage() throws SQLException {
        database.execute("CREATE ROLE outsider NOLOGIN");
        try {
            refused(new PostgresAddress(database.url(), "outsider", ""), FailureCode.STORE_FORBIDDEN);
        } finally {
            database.execute("DROP ROLE outsider");
        }
        refused(
                new PostgresAddress(database.url() + "_nowhere", database.user(), database.password()),
                FailureCode.STORE_FORBIDDEN);
        refused(
                new PostgresAddress("jdbc:postgresql://localhost:1/nothing", "nobody", ""),
                FailureCode.STORE_UNAVAILABLE);
    }

    @Test
    void aRoleNeedsNoMoreThanASchemaMadeForIt() throws SQLException {
        database.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'");
        try {
            var modest = new PostgresAddress(database.url(), "modest", "modest");
            refused(modest, FailureCode.STORE_FORBIDDEN);

            database.execute("CREATE SCHEMA " + schema);
            database.execute("GRANT USAGE, CREATE ON SCHEMA %s TO modest".formatted(schema));

            var use = new PostgresDatabase.Use(schema, 1);
            try (var ledger = PostgresDatabase.open(modest, use, SECOND, new Random(1))) {
                ledger.write(STEP, session -> insert(session, 1));
                assertThat(rows(ledger)).isEqualTo(1);
            }
        } finally {
            database.execute("DROP OWNED BY modest CASCADE");
            database.execute("DROP ROLE modest");
        }
    }

    private void refused(PostgresAddress address, FailureCode code) {
        var use = new PostgresDatabase.Use(schema, 1);

        Unavailable failed = catchThrowableOfType(
                Unavailable.class, () -> PostgresDatabase.open(address, use, FIRST, new Random(1)));

        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed).hasMessageContaining(address.place());
    }

    @Test
    @FaultRow("J9")
    void aLostAnswerOfACommitIsUnknownAndNotRunAgain() {
        try (var ledger = open(FIRST)) {
            var runs = new AtomicInteger();
            try (Faults.Arm _ = Injections.failing(FaultPoint.DATABASE_COMMIT, Side.AFTER)) {
                Unavailable failed = catchThrowableOfType(
                        Unavailable.class,
                        () -> ledger.write(STEP, session -> insert(session, runs.incrementAndGet())));

                assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class);
            }

            assertThat(runs).hasValue(1);
            assertThat(rows(ledger)).isEqualTo(1);
        }
    }

    @Test
    @FaultRow("J9")
    void aConnectionThatIsCutBeforeItsCommitIsUnknownTooAndTheNextOneWorks() {
        try (var ledger = openNarrow()) {
            try (Faults.Arm _ = Faults.arm(FaultPoint.DATABASE_COMMIT, Side.BEFORE, this::cutAll)) {
                Unavailable failed = catchThrowableOfType(
                        Unavailable.class, () -> ledger.write(STEP, session -> insert(session, 1)));

                assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class);
            }

            assertThat(rows(ledger)).isZero();
        }
    }

    @Test
    void aConnectionThatIsCutWithinATransactionHasKeptNothing() {
        try (var ledger = openNarrow()) {
            Unavailable failed = catchThrowableOfType(
                    Unavailable.class,
                    () -> ledger.write(STEP, session -> {
                        insert(session, 1);
                        cutAll();
                        return insert(session, 2);
                    }));

            assertThat(failed.failure()).isInstanceOf(Failure.Transient.class);
            assertThat(rows(ledger)).isZero();
        }
    }

    /// With one connection: of several, another one may be cut that nobody has used yet.
    private PostgresDatabase openNarrow() {
        return PostgresDatabase.open(address(), new PostgresDatabase.Use(schema, 1), FIRST, new Random(1));
    }

    private void cutAll() {
        try {
            database.texts("""
                    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'belay'
                    """);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void goesOnWhenTheServerIsBack() {
        assumeTrue(database.server().restartable(), "the server cannot be restarted");
        try (var ledger = open(FIRST, Duration.ofSeconds(1))) {
            ledger.write(STEP, session -> insert(session, 1));
            database.server().administer("CHECKPOINT");
            try {
                database.server().kill();

                assertThatThrownBy(() -> rows(ledger)).isInstanceOf(Unavailable.class);
            } finally {
                database.server().start();
            }

            assertThat(rows(ledger)).isEqualTo(1);
        }
    }

    // ---- migrations

    @Test
    @FaultRow("J7")
    void migratesAnOlderSchemaAndRefusesANewerOne() throws SQLException {
        try (var old = open(FIRST)) {
            old.write(STEP, session -> insert(session, 1));
        }
        try (var newer = open(SECOND);
                var again = open(SECOND)) {
            newer.write(STEP, session -> session.update("UPDATE t SET d = 'new'"));
            assertThat(rows(again)).isEqualTo(1);
        }

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> open(FIRST));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
        assertThat(failed).hasMessageContaining("ledger version 2").hasMessageContaining("up to 1");
        assertThat(database.texts("SELECT d FROM %s.t".formatted(schema))).containsExactly("new");
    }

    @Test
    void leavesSomeoneElsesSchemaAsItIs() throws SQLException {
        database.execute("CREATE SCHEMA " + schema);
        database.execute("CREATE TABLE %s.theirs (a bigint)".formatted(schema));

        Unavailable failed = catchThrowableOfType(Unavailable.class, () -> open(FIRST));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
        assertThat(database.texts("SELECT tablename FROM pg_tables WHERE schemaname = '%s'".formatted(schema)))
                .containsExactly("theirs");
    }

    @Test
    void refusesAnotherProgramsStamp() {
        open(FIRST).close();

        Unavailable failed =
                catchThrowableOfType(Unavailable.class, () -> open(new Migrations(4712, "catalog", FIRST.steps())));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
        assertThat(failed).hasMessageContaining("not a catalog of Belay");
    }

    @Test
    void migratesASecondSchemaOfTheSameDatabase() throws SQLException {
        String second = database.newSchema();
        try (var ledger = open(FIRST)) {
            ledger.bringUpToDate(second, new Migrations(4712, "catalog", List.of("CREATE TABLE single (a bigint);")));

            assertThat(ledger.<Boolean>write(
                            STEP,
                            session -> insert(session, 1)
                                    && session.update("INSERT INTO %s.single VALUES (1)".formatted(second)) == 1))
                    .isTrue();
        }
    }

    @Test
    @FaultRow("G2")
    void ofTwoWorkersThatMigrateAtOnceOneDoesItAndBothStart() throws Exception {
        // Each has found that there is something to do before either begins.
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.MIGRATION_STEP, Side.BEFORE);
                var threads = Executors.newFixedThreadPool(2)) {
            List<Future<PostgresDatabase>> opened = IntStream.range(0, 2)
                    .mapToObj(worker -> threads.submit(() -> open(SECOND)))
                    .toList();
            for (Future<PostgresDatabase> one : opened) {
                one.get(DEADLINE_SECONDS, TimeUnit.SECONDS).close();
            }
        }
        assertThat(database.texts("SELECT version FROM %s.belay_stamp".formatted(schema)))
                .containsExactly("2");
    }

    @Test
    @FaultRow("G1")
    void aMigrationThatIsKilledAnywhereLeavesAWholeVersionAndRunsAgain() throws SQLException {
        var moments = 0;
        var killed = true;
        while (killed) {
            String place = database.newSchema();
            var use = new PostgresDatabase.Use(place, 1);
            killed = killedAt(moments, use);

            List<String> stamp = database.texts("SELECT to_regclass('%s.belay_stamp')".formatted(place))
                            .contains(null)
                    ? List.of()
                    : database.texts("SELECT version FROM %s.belay_stamp".formatted(place));
            List<String> columns = database.texts("""
                    SELECT column_name FROM information_schema.columns
                    WHERE table_schema = '%s' AND table_name = 't' ORDER BY ordinal_position
                    """.formatted(place));
            assertThat(columns).as("after moment %d, stamp %s", moments, stamp).isEqualTo(columnsOf(stamp));
            PostgresDatabase.open(address(), use, SECOND, new Random(1)).close();
            moments++;
        }
        assertThat(moments).isGreaterThan(10);
    }

    private static List<String> columnsOf(List<String> stamp) {
        return switch (stamp.isEmpty() ? "0" : stamp.getFirst()) {
            case "0" -> List.of();
            case "1" -> List.of("a", "b", "c");
            default -> List.of("a", "b", "c", "d");
        };
    }

    /// A killed process's transaction is rolled back by the server; this one's by an exception that nothing knows.
    private boolean killedAt(int moment, PostgresDatabase.Use use) {
        var passed = new AtomicInteger();
        try (var _ = Faults.onEveryPass((point, side) -> {
            if (passed.getAndIncrement() == moment) {
                throw new Killed();
            }
        })) {
            PostgresDatabase.open(address(), use, SECOND, new Random(1)).close();
            return false;
        } catch (Killed died) {
            return true;
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void anAddressNeverShowsItsPasswordNorTakesOneInItsUrl() {
        assertThat(new PostgresAddress("jdbc:postgresql://host/db?sslmode=require", "me", "hidden"))
                .asString()
                .isEqualTo("me at postgresql://host/db");
        for (String url : List.of(
                "jdbc:postgresql://host/db?password=x",
                "jdbc:postgresql://host/db?sslmode=require&user=x",
                "jdbc:postgresql://me:x@host/db",
                "jdbc:postgresql://host/db?currentSchema=x",
                "jdbc:sqlite:x")) {
            assertThatThrownBy(() -> new PostgresAddress(url, "me", "x")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
