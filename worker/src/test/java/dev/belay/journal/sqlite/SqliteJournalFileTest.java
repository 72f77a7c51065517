package dev.belay.journal.sqlite;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.fault.FaultPoint;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.Entry;
import dev.belay.kit.FaultRow;
import dev.belay.sql.Migrations;
import dev.belay.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The journal as a file: made, reopened, abandoned, newer, damaged.
final class SqliteJournalFileTest {
    private static final JobId AIR = new JobId("air");

    private final Path folder;
    private final AtomicInteger minted = new AtomicInteger();
    private final IdSource ids = () -> operation(minted.incrementAndGet()).value();

    SqliteJournalFileTest(@TempDir Path parent) {
        this.folder = parent.resolve("made/on/the/way");
    }

    @Test
    void keepsItsIdAndItsDecisionsWhenItIsOpenedAgain() {
        String id;
        try (var journal = SqliteJournal.open(folder, ids)) {
            id = journal.id();
            claimAndPlan(journal);
        }

        try (var journal = SqliteJournal.open(folder, ids)) {
            assertThat(journal.id()).isEqualTo(id);
            assertThatThePlanIsThere(journal);
        }
    }

    @Test
    void seesEveryDecisionOfAWorkerThatWasAbandoned() {
        SqliteJournal abandoned = SqliteJournal.open(folder, ids);
        claimAndPlan(abandoned);

        try (var journal = SqliteJournal.open(folder, ids)) {
            assertThatThePlanIsThere(journal);
        } finally {
            abandoned.close();
        }
    }

    @Test
    void goesOnFromTheFilesThatAKilledWorkerLeaves(@TempDir Path copy) throws IOException {
        try (var journal = SqliteJournal.open(folder, ids)) {
            claimAndPlan(journal);
            for (String name : List.of("journal.db", "journal.db-wal")) {
                Files.copy(folder.resolve(name), copy.resolve(name));
            }
        }

        try (var journal = SqliteJournal.open(copy, ids)) {
            assertThatThePlanIsThere(journal);
        }
    }

    @Test
    void waitsForTheDiskAtEveryCommit() {
        try (var journal = SqliteJournal.open(folder, ids)) {
            assertThat(pragma(journal, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(journal, "synchronous")).isEqualTo("2");
            assertThat(pragma(journal, "foreign_keys")).isEqualTo("1");
        }
    }

    @Test
    @FaultRow("J7")
    void refusesAJournalThatIsNewerButStillListsIt() {
        try (var journal = SqliteJournal.open(folder, ids)) {
            claimAndPlan(journal);
        }
        var newer = new ArrayList<>(JournalSchema.MIGRATIONS.steps());
        newer.add("ALTER TABLE job ADD COLUMN priority INTEGER;\n");
        migrate(newer);

        assertThatExceptionOfType(Unavailable.class)
                .isThrownBy(() -> SqliteJournal.open(folder, ids))
                .satisfies(refused -> {
                    assertThat(refused.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
                    assertThat(refused.failure().message()).contains("journal.db", "upgrade");
                });
        try (var reader = SqliteJournalReader.open(folder).orElseThrow()) {
            assertThat(reader.id()).isNotEmpty();
            assertThat(reader.jobs(10)).hasSize(1);
            assertThat(reader.attempts(AIR)).isEqualTo(reader.openAttempts()).hasSize(1);
            assertThat(reader.job(AIR)).isPresent();
        }
    }

    @Test
    @FaultRow("B1")
    void goesOnWhereTheMakingOfAJournalWasKilled() {
        List<String> steps = JournalSchema.MIGRATIONS.steps();
        for (int done = 0; done <= steps.size(); done++) {
            Path own = folder.resolve("killed-after-" + done);
            migrate(own, steps.subList(0, done));

            assertThat(SqliteJournalReader.open(own)).isEmpty();
            try (var journal = SqliteJournal.open(own, ids)) {
                claimAndPlan(journal);
                assertThatThePlanIsThere(journal);
            }
        }
    }

    @Test
    void refusesWhatIsNotADatabase() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("journal.db"), "this is no database, however long it may be. ".repeat(50));

        assertCorrupt(() -> SqliteJournal.open(folder, ids));
        assertCorrupt(() -> SqliteJournalReader.open(folder));
    }

    @Test
    void refusesADatabaseOfAnotherKind() throws IOException {
        Files.createDirectories(folder);
        try (var other = SqliteDatabase.open(
                folder.resolve("journal.db"), new Migrations(77, "catalog", List.of("CREATE TABLE a (b);\n")))) {
            assertThat(other.file()).exists();
        }

        assertCorrupt(() -> SqliteJournal.open(folder, ids));
        assertCorrupt(() -> SqliteJournalReader.open(folder));
    }

    @Test
    void readsNothingWhereThereIsNoJournalAndMakesNone() {
        assertThat(SqliteJournalReader.open(folder)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void isListedWhileItsWorkerRuns() {
        try (var journal = SqliteJournal.open(folder, ids);
                var reader = SqliteJournalReader.open(folder).orElseThrow()) {
            claimAndPlan(journal);

            assertThat(reader.id()).isEqualTo(journal.id());
            assertThat(reader.openAttempts()).isEqualTo(journal.openAttempts());
        }
    }

    @Test
    @FaultRow("G2")
    void givesTheSameIdToAllWhoOpenAnEmptyFolderAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            Path own = folder.resolve("round-" + round);
            var together = new CyclicBarrier(4);
            Callable<String> opening = () -> {
                together.await();
                try (var journal = SqliteJournal.open(own, ids)) {
                    return journal.id();
                }
            };
            try (var threads = Executors.newFixedThreadPool(4)) {
                var found = new ArrayList<String>();
                for (Future<String> each : threads.invokeAll(List.of(opening, opening, opening, opening))) {
                    found.add(each.get());
                }
                assertThat(found).hasSize(4);
                assertThat(found.stream().distinct()).hasSize(1);
            }
        }
    }

    private static void claimAndPlan(SqliteJournal journal) {
        journal.admit(delivery("air", "city", 0), NOW);
        var claimed = (ClaimResult.Claimed) journal.claim(AIR, operation(1), ALPHA, NOW, NOBODY_IS_DEAD);
        journal.record(claimed.claim(), List.of(new Entry.Planned(1, "fetch", "{}")));
    }

    private static void assertThatThePlanIsThere(SqliteJournal journal) {
        assertThat(journal.openAttempts())
                .singleElement()
                .satisfies(open -> assertThat(open.effects()).hasSize(1));
        assertThat(journal.job(AIR).orElseThrow().attempts()).isEqualTo(1);
    }

    private static void assertCorrupt(Runnable opening) {
        assertThatExceptionOfType(Unavailable.class).isThrownBy(opening::run).satisfies(refused -> {
            assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
            assertThat(refused.failure().message()).contains("journal.db");
        });
    }

    private static String pragma(SqliteJournal journal, String name) {
        return journal.database()
                .write(FaultPoint.JOURNAL_BEAT, session -> session.first("PRAGMA " + name, row -> row.text(name)))
                .orElseThrow();
    }

    private void migrate(List<String> steps) {
        migrate(folder, steps);
    }

    private static void migrate(Path folder, List<String> steps) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        SqliteDatabase.open(
                        folder.resolve("journal.db"), new Migrations(JournalSchema.APPLICATION_ID, "journal", steps))
                .close();
    }
}
