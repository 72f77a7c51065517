package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.kit.FaultRow;
import dev.belay.kit.Injections;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The journal as a schema: made, reopened, newer, in doubt.
@ExtendWith(TestDatabases.class)
final class PostgresJournalSchemaTest {
    private final TestDatabase database;
    private final String schema;
    private final AtomicInteger minted = new AtomicInteger();
    private final IdSource ids = () -> operation(minted.incrementAndGet()).value();

    PostgresJournalSchemaTest(TestDatabase database) {
        this.database = database;
        this.schema = database.newSchema();
    }

    private PostgresJournal open() {
        return PostgresJournals.opened(database, schema, ids);
    }

    @Test
    void keepsItsIdAndItsDecisionsWhenItIsOpenedAgain() {
        String id;
        Claim claim;
        try (var journal = open()) {
            id = journal.id();
            claim = claimed(journal);
        }

        try (var journal = open()) {
            assertThat(journal.id()).isEqualTo(id);
            assertThat(journal.attempt(claim.operation()).orElseThrow().epoch()).isEqualTo(claim.epoch());
        }
    }

    @Test
    @FaultRow("G2")
    void whoeverMakesItAtOnceGetsTheSameId() throws Exception {
        // Each has found no id before either writes one.
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.JOURNAL_NAME, Side.BEFORE);
                var threads = Executors.newFixedThreadPool(2)) {
            List<Future<String>> opened = IntStream.range(0, 2)
                    .mapToObj(worker -> threads.submit(() -> {
                        try (var journal = open()) {
                            return journal.id();
                        }
                    }))
                    .toList();

            assertThat(opened.getFirst().get(60, TimeUnit.SECONDS))
                    .isEqualTo(opened.getLast().get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    @FaultRow("J7")
    void aStampOfANewerBelayIsRefusedSayingUpgrade() throws Exception {
        open().close();
        database.execute("UPDATE %s.belay_stamp SET version = version + 1".formatted(schema));

        Unavailable refused = catchThrowableOfType(Unavailable.class, this::open);

        assertThat(refused.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
        assertThat(refused).hasMessageContaining(schema).hasMessageContaining("upgrade");
    }

    @Test
    @FaultRow("J9")
    void whatALostAnswerHasDecidedIsFoundByReading() {
        try (var journal = open()) {
            Claim claim = claimed(journal);
            try (Faults.Watch _ =
                    Injections.failingWithin(FaultPoint.JOURNAL_END, FaultPoint.DATABASE_COMMIT, Side.AFTER)) {
                Unavailable failed =
                        catchThrowableOfType(Unavailable.class, () -> journal.end(claim, again(true), NOW));

                assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class);
            }

            assertThat(journal.attempt(claim.operation()).orElseThrow().phase()).isEqualTo(Phase.ENDED);
            assertThat(journal.seize(claim.operation(), ALPHA, NOW)).isEmpty();
        }
    }

    @Test
    void sortsAsSqliteDoesWhateverTheLanguageOfTheDatabase() {
        try (var journal = open()) {
            for (String job : List.of("b", "A", "a", "_", "B")) {
                journal.admit(delivery("job-" + job, "city", 0), NOW);
            }

            assertThat(PostgresJournals.reader(journal).jobsBeginningWith("job-", 9))
                    .extracting(job -> job.job().value())
                    .containsExactly("job-A", "job-B", "job-_", "job-a", "job-b");
        }
    }

    private static Claim claimed(PostgresJournal journal) {
        journal.beat(ALPHA, NOW);
        journal.admit(delivery("air", "city", 0), NOW);
        return ((ClaimResult.Claimed) journal.claim(new JobId("air"), operation(99), ALPHA, NOW, NOBODY_IS_DEAD))
                .claim();
    }
}
