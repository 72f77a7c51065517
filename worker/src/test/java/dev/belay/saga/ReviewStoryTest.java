package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job that waits for a person: what it costs meanwhile, and what each word on it does.
final class ReviewStoryTest {
    private static final String PEOPLE = "name,contact\nAnna,canary.bird@example.org\nBert,none\n";
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));
    private static final JobMessage REVIEWED = LOAD.withRules(Rules.DEFAULT.withScreen(Rules.Screen.REVIEW));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", PEOPLE);
    }

    @Test
    void waitsWithoutAWorkerAPartitionOrAFile() {
        rig.run("j1", REVIEWED);

        EventData.ReviewRequested asked =
                rig.log.of(EventData.ReviewRequested.class).getLast();
        assertThat(rig.log.types()).containsExactly("job.review-requested");
        assertThat(asked.reasons())
                .containsExactly("column \"contact\": email in 1 of 2 values, first in record 1, line 2:"
                        + " c*****.****@*******.**g");
        assertThat(asked.expiresAt()).isAfter(JobLog.START.plus(Duration.ofDays(6)));
        assertThat(job("j1").state()).isEqualTo(JobState.AWAITING_REVIEW);
        assertThat(job("j1").attempts()).as("a question is no failed attempt").isZero();
        assertThat(rig.log.waiting).as("its message is settled").isEmpty();
        assertThat(rig.journal.openAttempts()).isEmpty();
        assertThat(rig.workspace.operations()).isEmpty();
        assertThat(rig.datastore.stagedObjects()).isEmpty();
    }

    @Test
    void goesOnWhenItIsApproved() {
        rig.run("j1", REVIEWED);
        decide("j1", Decision.Word.APPROVED);

        Receipt receipt = rig.log.receipt();
        assertThat(rig.log.types()).containsExactly("job.review-requested", "dataset.published", "job.completed");
        assertThat(receipt.attempts()).isEqualTo(1);
        assertThat(receipt.warnings()).last().isEqualTo("approved by ann (as asked)");
        assertThat(receipt.screened()).hasSize(1);
        assertThat(rig.rows()).hasSize(2);
    }

    @Test
    void failsWhenItIsRejected() {
        rig.run("j1", REVIEWED);
        decide("j1", Decision.Word.REJECTED);

        assertThat(rig.log.types()).containsExactly("job.review-requested", "job.failed");
        assertThat(rig.log.failure()).isEqualTo("REVIEW_REJECTED");
        assertThat(Objects.requireNonNull(rig.log.receipt().failure()).message())
                .startsWith("rejected by ann (as asked): column \"contact\"");
        assertThat(rig.log.deadLetters).containsExactly(new JobId("j1"));
    }

    @Test
    void failsWhenNobodyDecidesInTime() {
        rig.run("j1", REVIEWED);
        rig.log.pass(Duration.ofDays(8));
        assertThat(rig.journal.overdueReviews(rig.log.now(), 10)).hasSize(1);
        decide("j1", Decision.Word.EXPIRED);

        assertThat(rig.log.failure()).isEqualTo("REVIEW_EXPIRED");
        assertThat(rig.journal.overdueReviews(rig.log.now(), 10)).isEmpty();
    }

    /// An approval is of one file.
    @Test
    void asksAgainWhenTheFileHasChanged() {
        rig.run("j1", REVIEWED);
        rig.file("a.csv", PEOPLE + "Cleo,cleo@example.org\n");
        decide("j1", Decision.Word.APPROVED);

        assertThat(rig.log.types()).containsExactly("job.review-requested", "job.review-requested");
        assertThat(job("j1").state()).isEqualTo(JobState.AWAITING_REVIEW);
        decide("j1", Decision.Word.APPROVED);
        assertThat(rig.rows()).hasSize(3);
        assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
    }

    @Test
    void loadsWithoutAskingWhenTheFileHoldsNobodyAnyMore() {
        rig.run("j1", REVIEWED);
        rig.file("a.csv", "name\nAnna\n");
        decide("j1", Decision.Word.APPROVED);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.log.receipt().warnings()).isEmpty();
    }

    /// The place of the job's own message counts, not that of the approval.
    @Test
    void isSupersededByWhatCameLaterAndDidNotHaveToWait() {
        rig.run("j1", REVIEWED);
        rig.file("b.csv", "name\nNew\n");
        rig.run("j2", JobMessage.replace("d", JobMessage.Source.url("b.csv")));
        decide("j1", Decision.Word.APPROVED);

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed", "job.superseded");
        assertThat(rig.rows()).hasSize(1);
    }

    @Test
    void otherJobsOfTheDatasetDoNotWait() {
        rig.run("j1", REVIEWED);
        rig.run("j2", LOAD);

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
        assertThat(job("j1").state()).isEqualTo(JobState.AWAITING_REVIEW);
    }

    @Test
    void theFirstWordCountsAndAContradictionIsADeadLetter() {
        rig.run("j1", REVIEWED);
        JobRecord waiting = job("j1");
        rig.log.decide(waiting, Decision.Word.APPROVED);
        rig.log.decide(waiting, Decision.Word.APPROVED);
        rig.log.decide(waiting, Decision.Word.EXPIRED);
        rig.log.decide(waiting, Decision.Word.REJECTED);
        rig.drain();

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
        assertThat(rig.log.deadLetters).as("of the contradiction alone").hasSize(1);
        assertThat(job("j1").decision().orElseThrow().word()).isEqualTo(Decision.Word.APPROVED);
    }

    /// A file that was approved and is served is skipped, not asked about again.
    @Test
    void doesNotAskAboutWhatWasApprovedAndIsServed() {
        rig.run("j1", REVIEWED);
        decide("j1", Decision.Word.APPROVED);
        rig.run("j2", REVIEWED);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.SKIPPED);
    }

    @Test
    void theParkedAttemptHasEndedAndIsNotCounted() {
        rig.run("j1", REVIEWED);

        List<Attempt> attempts = rig.journal.attempts(new JobId("j1"));
        assertThat(attempts).hasSize(1);
        assertThat(attempts.getFirst().counted()).isFalse();
        assertThat(attempts.getFirst().endedAt()).isPresent();
        assertThat(rig.journal.audit(attempts.getFirst().operation())).containsExactly("review");
    }

    @Test
    void noValueStandsUnmaskedInEventsOrJournal() {
        rig.run("j1", REVIEWED);
        decide("j1", Decision.Word.REJECTED);

        assertThat(rig.log.events).allSatisfy(event -> assertThat(event.json()).doesNotContain("canary.bird"));
        assertThat(job("j1").toString() + rig.journal.attempts(new JobId("j1"))).doesNotContain("canary.bird");
    }

    private void decide(String job, Decision.Word word) {
        rig.log.decide(job(job), word);
        rig.drain();
    }

    private JobRecord job(String id) {
        return rig.journal.job(new JobId(id)).orElseThrow();
    }
}
