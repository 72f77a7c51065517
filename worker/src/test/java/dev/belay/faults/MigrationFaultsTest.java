package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.sqlite.JournalMark;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.FailureCode;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.kit.Injections;
import dev.belay.runtime.Stores;
import dev.belay.saga.World;
import dev.belay.sql.Migrations;
import dev.belay.sql.SqliteDatabase;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows G, and J7: schemas that change, or have changed already.
final class MigrationFaultsTest {
    private static final int OURS = 0x74657374;
    private static final List<String> STEPS = List.of(
            "CREATE TABLE one (id INTEGER PRIMARY KEY);\nINSERT INTO one VALUES (1);\n",
            "CREATE TABLE two (id INTEGER PRIMARY KEY);\nINSERT INTO two SELECT id FROM one;\nDROP TABLE one;\n",
            "ALTER TABLE two ADD COLUMN name TEXT;\nUPDATE two SET name = 'first';\n");
    private static final Migrations ALL = new Migrations(OURS, "test", STEPS);

    private final Path folder;

    MigrationFaultsTest(@TempDir(factory = InMemoryFolder.class) Path folder) {
        this.folder = folder;
    }

    @FaultRow("G1")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aMigrationThatIsKilledAnywhereLeavesAWholeVersionAndRunsAgain(int before) throws Exception {
        int moment = 0;
        boolean killed = true;
        while (killed) {
            Path file = folder.resolve("%d.db".formatted(moment));
            SqliteDatabase.open(file, new Migrations(OURS, "test", STEPS.subList(0, before)))
                    .close();

            killed = killedAt(moment, file);

            int version = (int) number(file, "PRAGMA user_version");
            assertThat(content(file)).as("after moment %d", moment).isEqualTo(contentOf(version));
            SqliteDatabase.open(file, ALL).close();
            assertThat(content(file)).isEqualTo(contentOf(STEPS.size()));
            moment++;
        }
        assertThat(moment).isGreaterThan(10);
    }

    /// A killed process lets go of its locks; this one does by an exception that nothing knows.
    private static boolean killedAt(int moment, Path file) {
        var passed = new AtomicInteger();
        try (var _ = Faults.onEveryPass((point, side) -> {
            if (passed.getAndIncrement() == moment) {
                throw new Killed();
            }
        })) {
            SqliteDatabase.open(file, ALL).close();
            return false;
        } catch (Killed died) {
            return true;
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static List<String> contentOf(int version) {
        return switch (version) {
            case 0 -> List.of();
            case 1 -> List.of("one: 1");
            case 2 -> List.of("two: 1");
            default -> List.of("two: 1 first");
        };
    }

    @FaultRow("G2")
    @Test
    void ofTwoWorkersThatMigrateAtOnceOneDoesItAndBothStart() throws Exception {
        Path file = folder.resolve("both.db");
        // Each has found that there is something to do before either begins.
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.MIGRATION_STEP, Side.BEFORE);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            var opened = new ArrayList<Future<SqliteDatabase>>();
            for (int worker = 0; worker < 2; worker++) {
                opened.add(threads.submit((Callable<SqliteDatabase>) () -> SqliteDatabase.open(file, ALL)));
            }
            for (Future<SqliteDatabase> one : opened) {
                one.get(60, TimeUnit.SECONDS).close();
            }
        }
        assertThat(content(file)).isEqualTo(contentOf(STEPS.size()));
    }

    @FaultRow("G2")
    @Test
    void twoWorkersThatMakeAnInstallationAtOnceShareIt() throws Exception {
        var world = new World(folder);
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.MIGRATION_STEP, Side.BEFORE);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Stores> one = threads.submit((Callable<Stores>) world::open);
            Future<Stores> other = threads.submit((Callable<Stores>) world::open);
            assertThat(one.get(60, TimeUnit.SECONDS).journal().id())
                    .isEqualTo(other.get(60, TimeUnit.SECONDS).journal().id());
        }
        world.file("a.csv", "code,n\n007,1\n");
        world.send("job-1", World.LOAD);
        world.live("0").drain();
        world.assertAtRest();
        world.close();
    }

    @FaultRow("G2")
    @Test
    void twoWorkersThatNoteTheJournalsIdAtOnceBothStart() throws Exception {
        // Each has found none before either writes it.
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.DISK_WRITE, Side.BEFORE);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> one = threads.submit(() -> JournalMark.note(folder, "the-journal", "one"));
            Future<?> other = threads.submit(() -> JournalMark.note(folder, "the-journal", "other"));
            one.get(60, TimeUnit.SECONDS);
            other.get(60, TimeUnit.SECONDS);
        }
        assertThat(folder.resolve("journal.id")).hasContent("the-journal");
        assertThat(folder.toFile().list()).as("nothing else is left").hasSize(1);
    }

    @FaultRow("J7")
    @ParameterizedTest
    @ValueSource(strings = {"journal.db", "catalog.db"})
    void aStampOfANewerBelayIsRefusedSayingUpgradeAndNothingIsChanged(String name) throws Exception {
        try (var world = World.withVersionOne(folder)) {
            world.assertAtRest();
            Path file = folder.resolve(name);
            long known = number(file, "PRAGMA user_version");
            Injections.tamper(file, "PRAGMA user_version = " + (known + 1));

            assertThatThrownBy(() -> world.live("1")).isInstanceOfSatisfying(Unavailable.class, refused -> {
                assertThat(refused.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
                assertThat(refused.failure().message()).contains(name, "upgrade");
            });

            Injections.tamper(file, "PRAGMA user_version = " + known);
            world.assertAtRest();
        }
    }

    private static long number(Path file, String sql) throws SQLException {
        return Long.parseLong(texts(file, sql).getFirst());
    }

    private static List<String> content(Path file) throws SQLException {
        var lines = new ArrayList<String>();
        for (String table : texts(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            boolean named = texts(file, "SELECT name FROM pragma_table_info('" + table + "')")
                    .contains("name");
            for (String row : texts(file, "SELECT id" + (named ? " || ' ' || name" : "") + " FROM " + table)) {
                lines.add(table + ": " + row);
            }
        }
        return lines;
    }

    private static List<String> texts(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (results.next()) {
                found.add(results.getString(1));
            }
            return found;
        }
    }
}
