package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.journal.Announcement;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Pruned;
import dev.belay.journal.Retention;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.schemas.JobMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What pruning does to a journal file: it may be killed at every commit, and the space is used again.
final class ForgottenHistoryTest {
    private static final Retention ALL = new Retention(JobLog.START.plus(Duration.ofDays(1)), job -> false);

    private Path folder;

    @BeforeEach
    void oneFinishedJob(@TempDir Path made) throws Exception {
        folder = made;
        try (var rooms = new MeteredRooms(folder)) {
            rooms.run("first", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        }
    }

    @Test
    void killedAtAnyCommitItHasForgottenWholeStepsAndGoesOn() throws Exception {
        History.copy(folder, "first", 9);
        Predicate<JobRecord> even =
                job -> Integer.parseInt("0" + job.job().value().replaceAll("\\D", "")) % 2 == 0;
        var kills = new AtomicInteger();
        for (int kill = 1; kill <= 4; kill++) {
            for (Side side : Side.values()) {
                try (var journal = open();
                        var _ = Faults.arm(FaultPoint.JOURNAL_PRUNE, side, () -> {
                            throw new InjectedFault(FaultPoint.JOURNAL_PRUNE, side);
                        })) {
                    prune(journal, new Retention(ALL.endedBefore(), even), 3);
                } catch (Unavailable killed) {
                    kills.incrementAndGet();
                }
                assertThatEveryJobIsWholeThinOrGone();
            }
        }
        assertThat(kills).hasValue(8);

        try (var journal = open()) {
            prune(journal, new Retention(ALL.endedBefore(), even), 3);
            assertThat(journal.jobs(20))
                    .extracting(job -> job.job().value())
                    .containsExactly("first-8", "first-6", "first-4", "first-2", "first");
            assertThat(journal.prune(new Retention(ALL.endedBefore(), even), 0, 20))
                    .isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
        }
    }

    @Test
    void usesTheSpaceAgain() throws Exception {
        History.copyInJournal(folder, "first", 1_000);
        History.endedLate(folder, "first");
        long full = size();
        try (var journal = open()) {
            prune(journal, ALL, 200);
            assertThat(journal.jobs(9)).hasSize(1);
        }

        History.copyInJournal(folder, "first", 1_000);

        assertThat(size()).isLessThanOrEqualTo(full + full / 50);
    }

    private SqliteJournal open() {
        return SqliteJournal.open(folder, IdSource.random(InstantSource.system()));
    }

    private static void prune(SqliteJournal journal, Retention retention, int step) {
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent()) {
            next = journal.prune(retention, next.getAsLong(), step).next();
        }
    }

    private void assertThatEveryJobIsWholeThinOrGone() {
        try (var journal = open()) {
            for (int number = 1; number <= 9; number++) {
                var id = new JobId("first-" + number);
                boolean known = journal.job(id).isPresent();
                boolean whole = journal.announcement(id, 0)
                        .map(Announcement::events)
                        .filter(events -> !events.isEmpty())
                        .isPresent();
                assertThat(journal.attempts(id).size()).as(id.value()).isEqualTo(whole ? 1 : 0);
                assertThat(known || !whole).as(id.value()).isTrue();
            }
        }
    }

    private long size() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        return Files.size(folder.resolve("journal.db"));
    }
}
