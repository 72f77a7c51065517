package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.completed;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.kit.CutProxy;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The connection is cut at every request of a job's life in the journal, before the server gets it and after it has
/// answered. What the journal says of the failure is true of what is there, and the life goes on from what is read.
@ExtendWith(TestDatabases.class)
final class PostgresJournalCutsTest {
    private final CutProxy proxy;
    private final PostgresJournal journal;
    private final PostgresJournal watcher;
    private int unknownAndMade;
    private int unknownAndNot;

    PostgresJournalCutsTest(TestDatabase database) {
        String schema = database.newSchema();
        proxy = CutProxy.before(database.url());
        watcher = PostgresJournals.opened(database, schema);
        journal = PostgresJournal.open(
                new PostgresAddress(proxy.instead(database.url()), database.user(), database.password()),
                new PostgresDatabase.Use(schema, 1),
                IdSource.random(InstantSource.system()),
                new Random(1));
        watcher.beat(ALPHA, NOW);
    }

    @AfterEach
    void close() {
        journal.close();
        watcher.close();
        proxy.close();
    }

    @FaultRow("J9")
    @ParameterizedTest
    @EnumSource(CutProxy.Moment.class)
    void whatIsSaidOfACutIsTrueAndTheJobGoesOn(CutProxy.Moment moment) {
        int request = 1;
        while (livesThroughACutAt(moment, request)) {
            request++;
        }
        assertThat(request).isGreaterThan(20);
        switch (moment) {
            case BEFORE -> assertThat(unknownAndNot).isPositive();
            case AFTER ->
                assertThat(unknownAndMade).isGreaterThanOrEqualTo(life(request).size());
        }
        System.out.printf(
                "cuts %s: %d requests, %d lost answers of a commit, %d commits that never came%n",
                moment, request - 1, unknownAndMade, unknownAndNot);
    }

    /// @return whether it came to the cut
    private boolean livesThroughACutAt(CutProxy.Moment moment, int request) {
        try (var model = new InMemoryJournal("model")) {
            model.beat(ALPHA, NOW);
            proxy.cutAt(moment, request);
            for (Consumer<Journal> step : life(request)) {
                Seen before = seen(model, request);
                step.accept(model);
                Seen after = seen(model, request);
                String where = "%s request %d".formatted(moment, request);
                try {
                    step.accept(journal);
                } catch (Unavailable cut) {
                    judge(where, cut.failure(), before, after, request);
                    if (seen(watcher, request).equals(before)) {
                        step.accept(journal);
                    }
                }
                assertThat(seen(watcher, request)).as(where).isEqualTo(after);
            }
            return proxy.disarm();
        }
    }

    private void judge(String where, Failure failure, Seen before, Seen after, int request) {
        Seen now = seen(watcher, request);
        if (failure instanceof Failure.Unknown) {
            assertThat(now).as(where).isIn(before, after);
            unknownAndMade += now.equals(after) ? 1 : 0;
            unknownAndNot += now.equals(before) ? 1 : 0;
        } else {
            assertThat(failure).as(where).isInstanceOf(Failure.Transient.class);
            assertThat(now).as(where).isEqualTo(before);
        }
    }

    /// What is known of one job.
    private record Seen(Optional<JobRecord> job, List<Attempt> attempts, Optional<Announcement> announcement) {}

    private static Seen seen(Journal journal, int life) {
        return new Seen(journal.job(job(life)), journal.attempts(job(life)), journal.announcement(job(life), 0));
    }

    private static JobId job(int life) {
        return new JobId("air-" + life);
    }

    /// Each on a dataset of its own.
    private static List<Consumer<Journal>> life(int life) {
        String dataset = "city-" + life;
        OperationId operation = operation(life);
        var claim = new Claim(job(life), new DatasetId(dataset), operation, new Epoch(1));
        return List.of(
                journal -> journal.admit(delivery("air-" + life, dataset, 0), NOW),
                journal -> journal.claim(job(life), operation, ALPHA, NOW, NOBODY_IS_DEAD),
                journal -> journal.record(claim, List.of(new Entry.Planned(1, "stage", "{}"), new Entry.Armed())),
                journal -> journal.record(claim, List.of(new Entry.Done(1, "{}"), new Entry.Confirmed())),
                journal -> journal.end(claim, completed(), NOW),
                journal -> journal.announced(List.of(new AnnouncementKey(job(life), 0))));
    }
}
