package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.journal.Attempt;
import dev.belay.journal.OutgoingEvent;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What follows a failed attempt, and what a message that comes again is worth.
final class RetryStoryTest {
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", FIRST);
    }

    @Test
    void triesAgainLaterAndLaterUntilItWorks() {
        failNext(2);

        rig.run("j1", LOAD);

        assertThat(rig.log.types())
                .containsExactly("job.rolled-back", "job.rolled-back", "dataset.published", "job.completed");
        assertThat(rig.log.delays).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(60));
        assertThat(rig.log.of(EventData.RolledBack.class))
                .allSatisfy(back -> assertThat(back.nextAttemptAt()).isNotNull())
                .extracting(EventData.RolledBack::attempt)
                .containsExactly(1, 2);
        assertThat(rig.log.receipt().attempts()).isEqualTo(3);
    }

    @Test
    void endsInTheDeadLettersAfterTheLastAttempt() {
        failNext(9);

        rig.run("j1", LOAD);

        assertThat(rig.log.types())
                .containsExactly("job.rolled-back", "job.rolled-back", "job.rolled-back", "job.failed");
        assertThat(rig.log.of(EventData.RolledBack.class).getLast().nextAttemptAt())
                .isNull();
        assertThat(rig.log.failure()).isEqualTo("HTTP_UNAVAILABLE");
        assertThat(rig.log.deadLetters).hasSize(1);
        assertThat(rig.source.fetched()).hasSize(3);
    }

    @Test
    void triesAPermanentFailureOnce() {
        rig.run("j1", JobMessage.replace("d", JobMessage.Source.url("missing.csv")));

        assertThat(rig.log.types()).containsExactly("job.rolled-back", "job.failed");
        assertThat(rig.source.fetched()).hasSize(1);
    }

    @Test
    void triesAPermanentFailureAgainWhenTheJobAsksForIt() {
        rig.run(
                "j1",
                JobMessage.replace("d", JobMessage.Source.url("missing.csv")).withRetry(new Retry(2, Retry.On.ANY)));

        assertThat(rig.log.types()).containsExactly("job.rolled-back", "job.rolled-back", "job.failed");
        assertThat(rig.log.receipt().attempts()).isEqualTo(2);
    }

    @Test
    void givesWayToANewerReplaceThatWasPublishedWhileItWaited() {
        failNext(1);
        rig.send("old", LOAD);
        var points = CrashPoints.none();
        Saga worker = rig.worker(points);
        rig.log.deliver(worker, rig.journal, StopSignal.NEVER);
        JobLog.Message retry = rig.log.waiting.remove();
        rig.file("a.csv", SECOND);
        rig.run("new", LOAD);

        rig.log.waiting.add(retry);
        rig.drain(worker, points);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(rig.log.receipt().supersededBy()).isEqualTo("new");
        assertThat(rig.rows()).hasSize(3);
        assertThat(rig.version()).isEqualTo(1);
    }

    @Test
    void staysSupersededWhenItsWorkerDiesWhileSayingSo() {
        rig.send("old", LOAD.withRetry(new Retry(1, Retry.On.TRANSIENT)));
        JobLog.Message old = rig.log.waiting.remove();
        rig.run("new", LOAD);
        rig.log.waiting.add(old);
        var points = CrashPoints.at("before Journal.end");
        try {
            rig.drain(rig.worker(points), points);
        } catch (CrashPoints.Crash killed) {
            rig.drain();
        }

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(rig.log.deadLetters).isEmpty();
    }

    @Test
    @FaultRow("P5")
    void runsNothingForTheSameJobSentTwice() {
        rig.run("j1", LOAD);
        rig.file("a.csv", SECOND);
        int events = rig.log.events.size();

        rig.run("j1", LOAD);

        assertThat(rig.log.events).hasSize(events);
        assertThat(rig.version()).isEqualTo(1);
        assertThat(rig.source.fetched()).hasSize(1);
    }

    @Test
    void putsAnotherRequestOfTheSameIdAside() {
        rig.run("j1", LOAD);
        rig.run("j1", JobMessage.replace("d", JobMessage.Source.url("b.csv")));

        assertThat(rig.log.deadLetters).hasSize(1);
        assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
    }

    @Test
    void dropsAMessageWhoseEndIsAnnounced() {
        JobLog.Message sent = rig.send("j1", LOAD);
        rig.drain();

        rig.log.waiting.add(sent);
        rig.drain();

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
    }

    @Test
    void announcesTheSameBytesWhenItsWorkerDiedBeforeTheAnnouncement() {
        JobLog.Message sent = rig.send("j1", LOAD);
        Handled first = rig.worker(CrashPoints.none())
                .handle(sent.request(), sent.delivery(), JobListener.SILENT, StopSignal.NEVER);

        rig.drain();

        List<OutgoingEvent> told = ((Handled.Announce) first).announcement().events();
        assertThat(rig.log.events).isEqualTo(told);
        assertThat(rig.source.fetched()).hasSize(1);
    }

    @Test
    void endsAJobWhoseWorkerDiesInEveryAttemptAndGoesOnWithTheNext() {
        rig.send("deadly", LOAD);
        rig.file("b.csv", SECOND);
        rig.send("next", JobMessage.replace("d", JobMessage.Source.url("b.csv")));
        int deaths = 0;
        while (!rig.log.waiting.isEmpty() && deaths < 10) {
            var points = CrashPoints.acting("after Datastore.stage", () -> {
                if (rig.log.waiting.element().request().jobId().value().equals("deadly")) {
                    throw new CrashPoints.Crash("by the file");
                }
            });
            try {
                rig.drain(rig.worker(points), points);
            } catch (CrashPoints.Crash killed) {
                deaths++;
            }
        }

        assertThat(deaths).isEqualTo(3);
        assertThat(rig.log.deadLetters).hasSize(1);
        assertThat(rig.log.terminalTypes()).containsExactly("job.failed", "job.completed");
        assertThat(rig.log.of(dev.belay.schemas.Receipt.class).getFirst().failure())
                .extracting(dev.belay.schemas.Failure::code)
                .isEqualTo("WORKER_CRASHED");
        assertThat(rig.rows()).hasSize(3);
        assertThat(rig.datastore.stagedObjects()).isEmpty();
    }

    @Test
    @FaultRow("R2")
    void waitsWhileAnotherLivingWorkerHoldsTheDataset() {
        JobLog.Message held = rig.send("held", LOAD);
        var points = CrashPoints.at("after Datastore.stage");
        try {
            rig.worker("1", points).handle(held.request(), held.delivery(), JobListener.SILENT, StopSignal.NEVER);
        } catch (CrashPoints.Crash stalled) {
            rig.log.waiting.clear();
        }
        rig.send("mine", LOAD);

        Handled handled = rig.log.deliver(rig.worker("2", CrashPoints.none()), rig.journal, StopSignal.NEVER);

        assertThat(handled).isInstanceOfSatisfying(Handled.Later.class, later -> {
            assertThat(later.cause()).isEqualTo(Handled.Later.Cause.BUSY);
            assertThat(later.reason()).contains("held");
        });
        assertThat(rig.journal.openAttempts()).hasSize(1);

        rig.log.pass(Rig.OWNER_LOST_AFTER.plusSeconds(1));
        Saga other = rig.worker("2", CrashPoints.none());
        assertThat(other.recover()).isEqualTo(1);
        rig.drain(other, CrashPoints.none());
        assertThat(rig.log.receipt().jobId()).isEqualTo("mine");
        assertThat(rig.datastore.stagedObjects()).isEmpty();
        assertThat(rig.journal.attempts(held.request().jobId()))
                .extracting(Attempt::endedAt)
                .allSatisfy(ended -> assertThat(ended).isPresent());
    }

    @Test
    void loadsADatasetThatWasDroppedAsANewOne() throws Exception {
        rig.run("j1", LOAD);
        var before = rig.datastore.state(DATASET).incarnation();
        rig.curate(live -> live.withTitle("code", "Station"));
        rig.datastore.drop(DATASET);

        rig.run("j2", LOAD);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.datastore.state(DATASET).incarnation()).isNotEqualTo(before);
        assertThat(rig.dictionary().field("code").title()).isEqualTo("code");
    }

    private void failNext(int times) {
        for (int time = 0; time < times; time++) {
            rig.source.failingNext(
                    "a.csv", JobFailure.transientFailure(FailureCode.HTTP_UNAVAILABLE, "503 from the test"));
        }
    }
}
