package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.ALPHA_AGAIN;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.completed;
import static dev.belay.journal.JournalSamples.decision;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.events;
import static dev.belay.journal.JournalSamples.failed;
import static dev.belay.journal.JournalSamples.operation;
import static dev.belay.journal.JournalSamples.retry;
import static dev.belay.journal.JournalSamples.saidBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Fenced;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every journal promises. Each implementation runs all of it.
abstract class JournalContract {
    private static final JobId AIR = new JobId("air");
    private static final JobId NOISE = new JobId("noise");
    private static final DatasetId CITY = new DatasetId("city");

    /// The journal under test, empty at first, the same one throughout a test.
    abstract Journal journal();

    /// The audit rows of an attempt.
    abstract List<String> audit(OperationId operation) throws Exception;

    @BeforeEach
    void everybodyLives() {
        journal().beat(ALPHA, NOW);
        journal().beat(BETA, NOW);
    }

    // ---- admission

    @Test
    void aNewJobIsToBeRun() {
        Admission admission = journal().admit(delivery("air", "city", 0), NOW);

        assertThat(admission).isInstanceOfSatisfying(Admission.Run.class, run -> {
            Delivery sent = delivery("air", "city", 0);
            assertThat(run.job())
                    .isEqualTo(new JobRecord(
                            AIR,
                            CITY,
                            JobState.OPEN,
                            sent.requestJson(),
                            sent.requestDigest(),
                            sent.position(),
                            0,
                            0,
                            3,
                            NOW,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        });
        assertThat(journal().job(AIR)).contains(((Admission.Run) admission).job());
    }

    @Test
    void theSameMessageOfAnOpenJobIsToBeRunOn() {
        journal().admit(delivery("air", "city", 0), NOW);

        assertThat(journal().admit(delivery("air", "city", 0), NOW.plusSeconds(9)))
                .isEqualTo(new Admission.Run(journal().job(AIR).orElseThrow()));
        assertThat(journal().job(AIR).orElseThrow().acceptedAt()).isEqualTo(NOW);
    }

    @Test
    void theSameMessageOfAnEndedHopIsAnnouncedUntilItIsMarked() {
        Claim claim = claimed("air", 1);
        confirm(claim);
        journal().end(claim, completed(), NOW);

        assertThat(journal().admit(delivery("air", "city", 0), NOW))
                .isEqualTo(new Admission.Ended(new Announcement(
                        new AnnouncementKey(AIR, 0), CITY, completed().verdict(), events("completed"), false)));

        journal().announced(List.of(new AnnouncementKey(AIR, 0)));

        assertThat(journal().admit(delivery("air", "city", 0), NOW))
                .isInstanceOfSatisfying(
                        Admission.Ended.class,
                        ended -> assertThat(ended.announcement().announced()).isTrue());
    }

    @Test
    void theSameMessageOfAJobThatAwaitsItsRetryHasEnded() {
        rolledBackForRetry("air", 1);

        assertThat(journal().admit(delivery("air", "city", 0), NOW))
                .isEqualTo(new Admission.Ended(new Announcement(
                        new AnnouncementKey(AIR, 0), CITY, retry().verdict(), events("rolled-back"), false)));
    }

    @Test
    void theNextHopOfAJobThatAwaitsItOpensTheJobAgain() {
        rolledBackForRetry("air", 1);

        Admission admission = journal().admit(delivery("air", "city", 1), NOW);

        assertThat(admission).isInstanceOfSatisfying(Admission.Run.class, run -> {
            assertThat(run.job().state()).isEqualTo(JobState.OPEN);
            assertThat(run.job().hop()).isEqualTo(1);
            assertThat(run.job().attempts()).isEqualTo(1);
            assertThat(run.job().nextAttemptAt()).isEmpty();
        });
    }

    @Test
    void anEarlierHopHasEndedWithItsOwnAnnouncement() {
        rolledBackForRetry("air", 1);
        journal().admit(delivery("air", "city", 1), NOW);
        Claim second = claim("air", 2, ALPHA);
        confirm(second);
        journal().end(second, completed(), NOW);

        assertThat(journal().admit(delivery("air", "city", 0), NOW))
                .isEqualTo(new Admission.Ended(journal().announcement(AIR, 0).orElseThrow()));
        assertThat(journal().announcement(AIR, 0).orElseThrow().verdict()).isEqualTo(retry().verdict());
        assertThat(journal().announcement(AIR, 1).orElseThrow().verdict())
                .isEqualTo(completed().verdict());
    }

    @Test
    void anotherMessageWithTheSameRequestIsADuplicate() {
        journal().admit(delivery("air", "city", 0), NOW);

        assertThat(journal().admit(delivery("air", "city", 8, 0, "request of air"), NOW))
                .isEqualTo(new Admission.Duplicate(journal().job(AIR).orElseThrow()));
    }

    @Test
    void anotherRequestUnderTheSameIdIsAConflict() {
        journal().admit(delivery("air", "city", 0), NOW);

        assertThat(journal().admit(delivery("air", "city", 8, 0, "something else"), NOW))
                .isEqualTo(new Admission.Conflict(journal().job(AIR).orElseThrow()));
    }

    @Test
    void anUnknownJobBeginsAtTheHopThatWasDelivered() {
        Admission admission = journal().admit(delivery("air", "city", 2), NOW);

        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admission.Run.class, run -> assertThat(run.job().hop()).isEqualTo(2));
    }

    @Test
    void aHopFromBeforeTheJournalCountsAsAnnounced() {
        journal().admit(delivery("air", "city", 2), NOW);

        assertThat(journal().admit(delivery("air", "city", 1), NOW))
                .isEqualTo(new Admission.Ended(
                        new Announcement(new AnnouncementKey(AIR, 1), CITY, new Verdict.Retry(NOW), List.of(), true)));
        assertThat(journal().announcement(AIR, 1)).isEmpty();
    }

    @Test
    void aHopAheadOfTheJournalMovesAJobThatHasNotEnded() {
        journal().admit(delivery("air", "city", 0), NOW);

        assertThat(journal().admit(delivery("air", "city", 2), NOW))
                .isInstanceOfSatisfying(
                        Admission.Run.class, run -> assertThat(run.job().hop()).isEqualTo(2));
    }

    @Test
    void aHopAheadOfTheJournalNeverOpensAJobThatIsOver() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().refuse(AIR, 0, failed(), events("failed"), NOW);

        assertThat(journal().admit(delivery("air", "city", 1), NOW))
                .isEqualTo(new Admission.Ended(journal().announcement(AIR, 0).orElseThrow()));
        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.FAILED);
    }

    // ---- claim

    @Test
    void aClaimRaisesTheEpochAndCountsTheAttemptBeforeAnyWork() {
        journal().admit(delivery("air", "city", 0), NOW);

        ClaimResult result = journal().claim(AIR, operation(1), ALPHA, NOW, NOBODY_IS_DEAD);

        var claim = new Claim(AIR, CITY, operation(1), new Epoch(1));
        assertThat(result).isEqualTo(new ClaimResult.Claimed(claim, 1));
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(1);
        assertThat(journal().openAttempts())
                .containsExactly(new Attempt(
                        operation(1),
                        AIR,
                        CITY,
                        1,
                        0,
                        new Epoch(1),
                        ALPHA,
                        Phase.CLAIMED,
                        true,
                        Optional.empty(),
                        List.of(),
                        NOW,
                        Optional.empty()));
    }

    @Test
    void datasetsHaveEpochsOfTheirOwn() {
        claimed("air", 1);
        journal().admit(delivery("noise", "country", 0), NOW);

        assertThat(journal().claim(NOISE, operation(2), ALPHA, NOW, NOBODY_IS_DEAD))
                .isInstanceOfSatisfying(
                        ClaimResult.Claimed.class,
                        claimed -> assertThat(claimed.claim().epoch()).isEqualTo(new Epoch(1)));
    }

    @Test
    void anOpenAttemptOfTheSameJobMayBeResolvedByAnyone() {
        claimed("air", 1);

        assertThat(journal().claim(AIR, operation(2), BETA, NOW, NOBODY_IS_DEAD))
                .isEqualTo(new ClaimResult.Open(journal().openAttempts().getFirst()));
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void anOpenAttemptOfAnotherJobWhoseOwnerLivesIsBusy() {
        claimed("air", 1);
        journal().admit(delivery("noise", "city", 0), NOW);

        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOBODY_IS_DEAD))
                .isEqualTo(new ClaimResult.Busy(journal().openAttempts().getFirst()));
        assertThat(journal().job(NOISE).orElseThrow().attempts()).isZero();
    }

    @Test
    void anOpenAttemptOfMyOwnOrOfAnEarlierLifeOfMineMayBeResolved() {
        claimed("air", 1);
        journal().admit(delivery("noise", "city", 0), NOW);
        var open = new ClaimResult.Open(journal().openAttempts().getFirst());

        assertThat(journal().claim(NOISE, operation(2), ALPHA, NOW, NOBODY_IS_DEAD))
                .isEqualTo(open);
        assertThat(journal().claim(NOISE, operation(2), ALPHA_AGAIN, NOW, NOBODY_IS_DEAD))
                .isEqualTo(open);
    }

    @Test
    void anOpenAttemptOfADeadOwnerMayBeResolved() {
        claimed("air", 1);
        journal().admit(delivery("noise", "city", 0), NOW);
        var open = journal().openAttempts().getFirst();

        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOW.plusNanos(1)))
                .isEqualTo(new ClaimResult.Open(open));
        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOW)).isEqualTo(new ClaimResult.Busy(open));
    }

    @Test
    void anOwnerThatWasNeverHeardOfIsDead() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().claim(AIR, operation(1), new WorkerId("gamma", "x"), NOW, NOBODY_IS_DEAD);
        journal().admit(delivery("noise", "city", 0), NOW);

        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOBODY_IS_DEAD))
                .isInstanceOf(ClaimResult.Open.class);
    }

    @Test
    void aBeatKeepsAnOwnerAlive() {
        claimed("air", 1);
        journal().admit(delivery("noise", "city", 0), NOW);
        journal().beat(ALPHA, NOW.plusSeconds(100));

        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOW.plusSeconds(100)))
                .isInstanceOf(ClaimResult.Busy.class);
    }

    @Test
    void usedUpAttemptsAreClaimedUncountedOnlyToEndTheJob() {
        journal().admit(delivery("air", "city", 0), NOW);
        for (int number = 1; number <= 3; number++) {
            journal().end(claim("air", number, ALPHA), again(true), NOW);
        }

        ClaimResult result = journal().claim(AIR, operation(4), ALPHA, NOW, NOBODY_IS_DEAD);

        var claim = new Claim(AIR, CITY, operation(4), new Epoch(4));
        assertThat(result).isEqualTo(new ClaimResult.Exhausted(claim));
        assertThat(journal().openAttempts()).singleElement().satisfies(open -> {
            assertThat(open.counted()).isFalse();
            assertThat(open.number()).isEqualTo(4);
        });
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(3);

        journal().end(claim, new Ending(failed(), "exhausted", true, events("failed")), NOW);

        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.FAILED);
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(3);
        assertThat(journal().attempts(AIR).getLast().counted()).isFalse();
    }

    @Test
    void onlyAnOpenJobCanBeClaimed() {
        rolledBackForRetry("air", 1);

        refused(() -> journal().claim(AIR, operation(2), ALPHA, NOW, NOBODY_IS_DEAD));
        refused(() -> journal().claim(NOISE, operation(2), ALPHA, NOW, NOBODY_IS_DEAD));
        assertThat(journal().openAttempts()).isEmpty();
    }

    @Test
    void anOperationIdIsUsedOnce() {
        journal().end(claimed("air", 1), again(true), NOW);

        refused(() -> journal().claim(AIR, operation(1), ALPHA, NOW, NOBODY_IS_DEAD));
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(1);
    }

    // ---- prune

    @Test
    void forgetsAFinishedJobOnceItIsOldAndKafkaCannotDeliverIt() throws Exception {
        finished("air", 1);
        finished("noise", 2);

        Pruned pruned = journal().prune(older(job -> job.job().equals(NOISE)), 0, 10);

        assertThat(pruned).isEqualTo(new Pruned(2, 1, OptionalLong.empty()));
        assertThat(journal().job(AIR)).isEmpty();
        assertThat(journal().attempts(AIR)).isEmpty();
        assertThat(journal().announcement(AIR, 0)).isEmpty();
        assertThat(audit(operation(1))).isEmpty();
        assertThat(journal().jobs(10)).extracting(JobRecord::job).containsExactly(NOISE);
    }

    @Test
    void aReceiptThatKafkaMayStillAskForAnswersAsBefore() throws Exception {
        finished("air", 1);
        JobRecord before = journal().job(AIR).orElseThrow();

        assertThat(journal().prune(older(job -> true), 0, 10)).isEqualTo(new Pruned(1, 0, OptionalLong.empty()));

        assertThat(journal().job(AIR)).contains(before);
        assertThat(journal().attempts(AIR)).isEmpty();
        assertThat(audit(operation(1))).isEmpty();
        assertThat(journal().admit(delivery("air", "city", 0), NOW))
                .isEqualTo(new Admission.Ended(Announcement.out(before, 0)));
        assertThat(Announcement.out(before, 0).announced()).isTrue();
        assertThat(Announcement.out(before, 0).verdict()).isEqualTo(completed().verdict());
        assertThat(journal().admit(delivery("air", "city", 1), NOW))
                .isEqualTo(new Admission.Ended(Announcement.out(before, 0)));
        assertThat(journal().admit(delivery("air", "city", 8, 0, "request of air"), NOW))
                .isEqualTo(new Admission.Duplicate(before));
        assertThat(journal().admit(delivery("air", "city", 8, 0, "something else"), NOW))
                .isEqualTo(new Admission.Conflict(before));
        assertThat(journal().prune(older(job -> true), 0, 10)).isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
    }

    @Test
    void keepsWhatIsNotOldEnough() {
        finished("air", 1);

        assertThat(journal().prune(new Retention(NOW, job -> false), 0, 10))
                .isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
        assertThat(journal().attempts(AIR)).hasSize(1);
    }

    @Test
    void keepsAJobWhoseEndMayHaveToBeAnnounced() {
        Claim claim = claimed("air", 1);
        confirm(claim);
        journal().end(claim, completed(), NOW);
        Announcement untold = journal().announcement(AIR, 0).orElseThrow();

        assertThat(journal().prune(older(job -> false), 0, 10)).isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
        assertThat(journal().announcement(AIR, 0)).contains(untold);
        assertThat(journal().attempts(AIR)).hasSize(1);
    }

    @Test
    void keepsJobsThatAreOpenOrAwaitARetry() {
        claimed("air", 1);
        journal().admit(delivery("noise", "country", 0), NOW);
        journal().end(claim("noise", 2, ALPHA), again(true), NOW);
        Claim claim = claim("noise", 3, ALPHA);
        journal().record(claim, List.of(new Entry.RollBack("{}")));
        journal().end(claim, retry(), NOW);
        journal().announced(List.of(new AnnouncementKey(NOISE, 0)));

        assertThat(journal().prune(older(job -> false), 0, 10)).isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
        assertThat(journal().attempts(AIR)).hasSize(1);
        assertThat(journal().attempts(NOISE)).hasSize(2);
    }

    @Test
    void keepsAJobWhoseAttemptStandsSetAside() {
        Claim claim = claimed("air", 1);
        journal().quarantine(claim, "odd", NOW);
        journal().refuse(AIR, 0, failed(), events("failed"), NOW);
        journal().announced(List.of(new AnnouncementKey(AIR, 0)));

        assertThat(journal().prune(older(job -> false), 0, 10)).isEqualTo(new Pruned(0, 0, OptionalLong.empty()));
        assertThat(journal().openAttempts()).hasSize(1);

        journal().end(claim, again(true), NOW);
        assertThat(journal().prune(older(job -> false), 0, 10)).isEqualTo(new Pruned(0, 0, OptionalLong.empty()));

        journal().release(CITY);
        assertThat(journal().prune(older(job -> false), 0, 10)).isEqualTo(new Pruned(1, 1, OptionalLong.empty()));
    }

    @Test
    void prunesABoundedNumberOfJobsAtATimeAndGoesOnWhereItWas() {
        for (int number = 1; number <= 5; number++) {
            finished("job-" + number, number);
        }

        Pruned first = journal().prune(older(job -> job.job().value().equals("job-1")), 0, 2);
        Pruned second = journal().prune(older(job -> false), first.next().orElseThrow(), 2);
        Pruned third = journal().prune(older(job -> false), second.next().orElseThrow(), 2);

        assertThat(List.of(first.details(), first.receipts())).containsExactly(2, 1);
        assertThat(List.of(second.details(), second.receipts())).containsExactly(2, 2);
        assertThat(third).isEqualTo(new Pruned(1, 1, OptionalLong.empty()));
        assertThat(journal().jobs(10)).extracting(job -> job.job().value()).containsExactly("job-1");
    }

    @Test
    void neverForgetsAnEpochNorWhoLives() {
        finished("air", 1);
        journal().beat(BETA, NOW.plusSeconds(10));
        journal().prune(older(job -> false), 0, 10);

        journal().admit(delivery("noise", "city", 0), NOW);
        assertThat(claim("noise", 2, BETA).epoch()).isEqualTo(new Epoch(2));
        journal().admit(delivery("other", "city", 0), NOW);
        assertThat(journal().claim(new JobId("other"), operation(3), ALPHA_AGAIN, NOW, NOBODY_IS_DEAD))
                .isInstanceOf(ClaimResult.Busy.class);
    }

    private static Retention older(Predicate<JobRecord> deliverable) {
        return new Retention(NOW.plusSeconds(1), deliverable);
    }

    private void finished(String job, int operation) {
        Claim claim = claimed(job, operation);
        confirm(claim);
        journal().end(claim, completed(), NOW);
        journal().announced(List.of(new AnnouncementKey(new JobId(job), 0)));
    }

    // ---- seize

    @Test
    void whoSeizesDecidesAndTheOwnerBeforeCanDecideNothingMore() throws Exception {
        Claim old = claimed("air", 1);
        journal().record(old, List.of(new Entry.Planned(1, "fetch", "{}")));

        Seized seized = journal().seize(operation(1), BETA, NOW).orElseThrow();

        assertThat(seized.claim()).isEqualTo(new Claim(AIR, CITY, operation(1), new Epoch(2)));
        assertThat(seized.attempt()).isEqualTo(journal().openAttempts().getFirst());
        assertThat(seized.attempt().owner()).isEqualTo(BETA);
        assertThat(seized.attempt().epoch()).isEqualTo(new Epoch(2));
        assertThat(seized.attempt().effects()).hasSize(1);
        assertThat(seized.job()).isEqualTo(journal().job(AIR).orElseThrow());
        fenced(() -> journal().record(old, List.of(new Entry.Armed())));
        fenced(() -> journal().record(old, List.of()));
        fenced(() -> journal().end(old, again(true), NOW));
        fenced(() -> journal().quarantine(old, "odd", NOW));
        assertThat(journal().openAttempts()).containsExactly(seized.attempt());
        assertThat(journal().quarantine(CITY)).isEmpty();
        assertThat(audit(operation(1))).isEmpty();

        journal().end(seized.claim(), again(true), NOW);

        assertThat(audit(operation(1))).containsExactly("discarded");
    }

    @Test
    void anAttemptThatEndedOrNeverWasCannotBeSeized() {
        journal().end(claimed("air", 1), again(true), NOW);

        assertThat(journal().seize(operation(1), BETA, NOW)).isEmpty();
        assertThat(journal().seize(operation(2), BETA, NOW)).isEmpty();
        assertThat(claim("air", 3, ALPHA).epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void aClaimIsFencedByTheNextClaimOnTheDataset() {
        Claim first = claimed("air", 1);
        journal().end(first, again(true), NOW);
        claim("air", 2, ALPHA);

        fenced(() -> journal().record(first, List.of(new Entry.Armed())));
        fenced(() -> journal().end(first, again(true), NOW));
    }

    // ---- record

    @Test
    void anAttemptsLogGoesForward() {
        Claim claim = claimed("air", 1);

        journal()
                .record(
                        claim,
                        List.of(
                                new Entry.Planned(1, "fetch", "{\"file\":1}"),
                                new Entry.Done(1, "{\"bytes\":9}"),
                                new Entry.Planned(2, "stage", "{\"table\":2}"),
                                new Entry.Armed()));
        journal().record(claim, List.of(new Entry.Done(2, "{\"rows\":3}"), new Entry.Confirmed()));

        assertThat(journal().openAttempts()).singleElement().satisfies(open -> {
            assertThat(open.phase()).isEqualTo(Phase.CONFIRMED);
            assertThat(open.failureJson()).isEmpty();
            assertThat(open.effects())
                    .containsExactly(
                            new Effect(1, "fetch", "{\"file\":1}", Optional.of("{\"bytes\":9}"), Optional.empty()),
                            new Effect(2, "stage", "{\"table\":2}", Optional.of("{\"rows\":3}"), Optional.empty()));
        });
    }

    @Test
    void anAttemptsLogGoesBack() {
        Claim claim = claimed("air", 1);
        var removed = new Compensation(Compensation.Result.DONE, "table 1 removed");

        journal().record(claim, List.of(new Entry.Planned(1, "stage", "{}"), new Entry.Armed()));
        journal().record(claim, List.of(new Entry.RollBack("{\"code\":\"X\"}"), new Entry.Undone(1, removed)));

        assertThat(journal().openAttempts()).singleElement().satisfies(open -> {
            assertThat(open.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(open.failureJson()).contains("{\"code\":\"X\"}");
            assertThat(open.effects())
                    .containsExactly(new Effect(1, "stage", "{}", Optional.empty(), Optional.of(removed)));
        });
    }

    @Test
    void onlyAFailedCompensationIsWrittenAgain() {
        Claim claim = claimed("air", 1);
        var failed = new Entry.Undone(1, new Compensation(Compensation.Result.FAILED, "busy"));
        var nothing = new Entry.Undone(1, new Compensation(Compensation.Result.NOTHING_TO_DO, "gone"));
        journal().record(claim, List.of(new Entry.Planned(1, "stage", "{}"), new Entry.RollBack("{}"), failed));

        journal().record(claim, List.of(failed));
        journal().record(claim, List.of(nothing));

        refused(() -> journal().record(claim, List.of(failed)));
        assertThat(journal().openAttempts().getFirst().effects().getFirst().undone())
                .contains(nothing.compensation());
    }

    @Test
    void severalEntriesAreAllOrNone() {
        Claim claim = claimed("air", 1);
        Attempt before = journal().openAttempts().getFirst();

        refused(() -> journal()
                .record(
                        claim,
                        List.of(
                                new Entry.Planned(1, "fetch", "{}"),
                                new Entry.Done(1, "{}"),
                                new Entry.Armed(),
                                new Entry.Armed())));

        assertThat(journal().openAttempts()).containsExactly(before);
    }

    @Test
    void illegalEntriesAreRefusedAndChangeNothing() {
        Claim claim = claimed("air", 1);
        var undone = new Entry.Undone(1, new Compensation(Compensation.Result.DONE, "x"));
        journal().record(claim, List.of(new Entry.Planned(1, "fetch", "{}"), new Entry.Done(1, "{}")));

        refusedUnchanged(claim, new Entry.Confirmed());
        refusedUnchanged(claim, undone);
        refusedUnchanged(claim, new Entry.Done(1, "{}"));
        refusedUnchanged(claim, new Entry.Done(2, "{}"));
        refusedUnchanged(claim, new Entry.Planned(1, "again", "{}"));
        refusedUnchanged(claim, new Entry.Planned(3, "gap", "{}"));
        journal().record(claim, List.of(new Entry.RollBack("{}")));
        refusedUnchanged(claim, new Entry.Armed());
        refusedUnchanged(claim, new Entry.Confirmed());
        refusedUnchanged(claim, new Entry.RollBack("{}"));
        refusedUnchanged(claim, new Entry.Planned(2, "forward", "{}"));
        refusedUnchanged(claim, new Entry.Undone(2, undone.compensation()));
    }

    // ---- end

    @Test
    void aCompletedJobIsOverForEver() throws Exception {
        Claim claim = claimed("air", 1);
        confirm(claim);

        journal().end(claim, completed(), NOW.plusSeconds(5));

        assertThat(journal().job(AIR)).hasValueSatisfying(job -> {
            assertThat(job.state()).isEqualTo(JobState.COMPLETED);
            assertThat(job.endedAt()).contains(NOW.plusSeconds(5));
            assertThat(job.receiptJson()).contains("{\"rows\":3}");
            assertThat(job.attempts()).isEqualTo(1);
        });
        assertThat(journal().attempts(AIR)).singleElement().satisfies(attempt -> {
            assertThat(attempt.phase()).isEqualTo(Phase.ENDED);
            assertThat(attempt.endedAt()).contains(NOW.plusSeconds(5));
            assertThat(attempt.effects()).isNotEmpty();
        });
        assertThat(journal().openAttempts()).isEmpty();
        assertThat(audit(operation(1))).containsExactly("completed");
        refused(() -> journal().claim(AIR, operation(2), ALPHA, NOW, NOBODY_IS_DEAD));
    }

    @Test
    void anAttemptEndsOnce() throws Exception {
        Claim claim = claimed("air", 1);
        journal().end(claim, again(true), NOW);

        refused(() -> journal().end(claim, new Ending(failed(), "other", true, events("failed")), NOW));
        refused(() -> journal().record(claim, List.of(new Entry.Armed())));
        refused(() -> journal().quarantine(claim, "odd", NOW));

        assertThat(audit(operation(1))).containsExactly("discarded");
        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.OPEN);
    }

    @Test
    void aJobThatGoesOnAtOnceStaysOpenAndAnnouncesNothing() {
        Claim claim = claimed("air", 1);

        journal().end(claim, again(true), NOW);

        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.OPEN);
        assertThat(journal().job(AIR).orElseThrow().attempts()).isEqualTo(1);
        assertThat(journal().announcement(AIR, 0)).isEmpty();
        assertThat(journal().admit(delivery("air", "city", 0), NOW)).isInstanceOf(Admission.Run.class);
    }

    @Test
    void anAttemptThatDoesNotCountGivesItsNumberBack() {
        Claim claim = claimed("air", 1);

        journal().end(claim, again(false), NOW);

        assertThat(journal().job(AIR).orElseThrow().attempts()).isZero();
        assertThat(journal().attempts(AIR).getFirst().counted()).isFalse();
        assertThat(journal().claim(AIR, operation(2), ALPHA, NOW, NOBODY_IS_DEAD))
                .isInstanceOfSatisfying(
                        ClaimResult.Claimed.class,
                        next -> assertThat(next.number()).isEqualTo(1));
        assertThat(journal().attempts(AIR)).extracting(Attempt::operation).containsExactly(operation(1), operation(2));
    }

    @Test
    void aJobThatIsTriedLaterWaits() {
        rolledBackForRetry("air", 1);

        assertThat(journal().job(AIR)).hasValueSatisfying(job -> {
            assertThat(job.state()).isEqualTo(JobState.AWAITING_RETRY);
            assertThat(job.nextAttemptAt()).contains(NOW.plusSeconds(3600));
            assertThat(job.endedAt()).isEmpty();
        });
    }

    @Test
    void anAnnouncementHasTheEventsOfAllAttemptsOfItsHopInOrder() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().end(claim("air", 1, ALPHA), new Ending(new Verdict.Again(), "a", true, events("b", "a")), NOW);
        Claim second = claim("air", 2, ALPHA);
        journal().record(second, List.of(new Entry.RollBack("{}")));
        journal().end(second, new Ending(retry().verdict(), "b", true, events("d", "c")), NOW);
        journal().admit(delivery("air", "city", 1), NOW);
        Claim third = claim("air", 3, ALPHA);
        journal().end(third, new Ending(failed(), "c", true, events("e")), NOW);

        assertThat(journal().announcement(AIR, 0).orElseThrow().events()).isEqualTo(events("b", "a", "d", "c"));
        assertThat(journal().announcement(AIR, 1).orElseThrow().events()).isEqualTo(events("e"));
        assertThat(journal().announcement(AIR, 2)).isEmpty();
        assertThat(journal().attempts(AIR)).extracting(Attempt::hop).containsExactly(0, 0, 1);
    }

    @Test
    void anArmedAttemptCannotSimplyEnd() throws Exception {
        Claim claim = claimed("air", 1);
        journal().record(claim, List.of(new Entry.Armed()));

        refused(() -> journal().end(claim, again(true), NOW));

        assertThat(journal().openAttempts()).hasSize(1);
        assertThat(audit(operation(1))).isEmpty();
    }

    @Test
    void aRolledBackAttemptNeverCompletesItsJob() {
        Claim claim = claimed("air", 1);
        journal().record(claim, List.of(new Entry.RollBack("{}")));

        refused(() -> journal().end(claim, completed(), NOW));

        assertThat(journal().openAttempts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"OPEN", "AWAITING_RETRY"})
    void aJobIsOverOnlyInATerminalState(JobState state) {
        Claim claim = claimed("air", 1);
        var verdict = new Verdict.Over(state, "{}");

        refused(() -> journal().end(claim, new Ending(verdict, "x", true, List.of()), NOW));
        refused(() -> journal().refuse(AIR, 0, verdict, List.of(), NOW));

        assertThat(journal().openAttempts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SKIPPED", "FAILED", "CANCELLED", "SUPERSEDED"})
    void aJobMayEndWithoutAPlan(JobState state) {
        Claim claim = claimed("air", 1);

        journal().end(claim, new Ending(new Verdict.Over(state, "{}"), "x", true, List.of()), NOW);

        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(state);
        assertThat(journal().announcement(AIR, 0).orElseThrow().verdict()).isEqualTo(new Verdict.Over(state, "{}"));
    }

    // ---- refuse, announced

    @Test
    void aRefusedJobEndsWithoutAnAttempt() {
        journal().admit(delivery("air", "city", 0), NOW);

        journal().refuse(AIR, 0, failed(), events("failed"), NOW);

        assertThat(journal().job(AIR)).hasValueSatisfying(job -> {
            assertThat(job.state()).isEqualTo(JobState.FAILED);
            assertThat(job.endedAt()).contains(NOW);
        });
        assertThat(journal().announcement(AIR, 0))
                .contains(new Announcement(new AnnouncementKey(AIR, 0), CITY, failed(), events("failed"), false));
        assertThat(journal().attempts(AIR)).isEmpty();
    }

    @Test
    void refusingDoesNothingWhenTheJobIsNotOpenAtThisHop() {
        rolledBackForRetry("air", 1);
        JobRecord waiting = journal().job(AIR).orElseThrow();

        journal().refuse(AIR, 0, failed(), events("failed"), NOW);
        journal().refuse(NOISE, 0, failed(), events("failed"), NOW);

        assertThat(journal().job(AIR)).contains(waiting);
        assertThat(journal().job(NOISE)).isEmpty();
        journal().admit(delivery("air", "city", 1), NOW);
        journal().refuse(AIR, 0, failed(), events("failed"), NOW);
        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.OPEN);
        assertThat(journal().announcement(AIR, 0).orElseThrow().events()).isEqualTo(events("rolled-back"));
    }

    @Test
    void anAttemptThatStoodAsideWhileItsJobWasRefusedEndsAlone() throws Exception {
        Claim claim = claimed("air", 1);
        journal().quarantine(claim, "odd", NOW);
        journal().refuse(AIR, 0, failed(), events("failed"), NOW);
        JobRecord refused = journal().job(AIR).orElseThrow();
        journal().release(CITY);

        journal().end(claim, again(false), NOW.plusSeconds(1));

        assertThat(journal().openAttempts()).isEmpty();
        assertThat(audit(operation(1))).containsExactly("discarded");
        assertThat(journal().job(AIR)).contains(refused);
        assertThat(journal().announcement(AIR, 0).orElseThrow().events()).isEqualTo(events("failed"));
    }

    @Test
    void unknownAnnouncementsArePassedOver() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().refuse(AIR, 0, failed(), events("failed"), NOW);

        journal()
                .announced(List.of(
                        new AnnouncementKey(NOISE, 0), new AnnouncementKey(AIR, 1), new AnnouncementKey(AIR, 0)));
        journal().announced(List.of());

        assertThat(journal().announcement(AIR, 0).orElseThrow().announced()).isTrue();
        assertThat(journal().announcement(NOISE, 0)).isEmpty();
    }

    // ---- lists

    @Test
    void openAttemptsAreListedOldestFirst() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().admit(delivery("noise", "country", 0), NOW);
        claim("noise", 9, ALPHA);
        claim("air", 2, ALPHA);

        assertThat(journal().openAttempts()).extracting(Attempt::operation).containsExactly(operation(9), operation(2));
    }

    @Test
    void orphansAreThoseOfMyEarlierLifeAndOfTheDeadButNeverMyOwn() {
        journal().admit(delivery("air", "city", 0), NOW);
        journal().admit(delivery("noise", "country", 0), NOW);
        claim("air", 1, ALPHA);
        claim("noise", 2, BETA);

        assertThat(orphans(ALPHA, false)).isEmpty();
        assertThat(orphans(ALPHA_AGAIN, false)).containsExactly(operation(1));
        assertThat(orphans(ALPHA, true)).containsExactly(operation(2));
        assertThat(orphans(new WorkerId("gamma", "x"), false)).isEmpty();
        assertThat(orphans(new WorkerId("gamma", "x"), true)).containsExactly(operation(1), operation(2));
    }

    @Test
    void theNewestJobsAreListedFirst() {
        journal().admit(delivery("b", "city", 0), NOW);
        journal().admit(delivery("c", "city", 0), NOW.minusSeconds(5));
        journal().admit(delivery("a", "city", 0), NOW);

        assertThat(journal().jobs(2)).extracting(job -> job.job().value()).containsExactly("a", "c");
        assertThat(journal().jobs(9)).hasSize(3);
        assertThat(journal().jobs(0)).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> journal().jobs(-1));
    }

    @Test
    void whatIsUnknownIsEmpty() {
        assertThat(journal().job(AIR)).isEmpty();
        assertThat(journal().attempts(AIR)).isEmpty();
        assertThat(journal().announcement(AIR, 0)).isEmpty();
        assertThat(journal().quarantine(CITY)).isEmpty();
        assertThat(journal().openAttempts()).isEmpty();
        assertThat(journal().jobs(10)).isEmpty();
        assertThat(journal().id()).isNotEmpty();
    }

    // ---- quarantine

    @Test
    void everyClaimOnADatasetThatIsSetAsideIsRefusedUntilItIsReleased() {
        Claim claim = claimed("air", 1);
        journal().admit(delivery("noise", "city", 0), NOW);

        journal().quarantine(claim, "two commits", NOW);

        var quarantine = new Quarantine(CITY, operation(1), "two commits", NOW);
        assertThat(journal().quarantine(CITY)).contains(quarantine);
        assertThat(journal().claim(AIR, operation(2), ALPHA, NOW, NOBODY_IS_DEAD))
                .isEqualTo(new ClaimResult.SetAside(quarantine));
        assertThat(journal().claim(NOISE, operation(2), BETA, NOW, NOBODY_IS_DEAD))
                .isEqualTo(new ClaimResult.SetAside(quarantine));
        assertThat(journal().openAttempts()).hasSize(1);

        assertThat(journal().release(CITY)).isTrue();

        assertThat(journal().release(CITY)).isFalse();
        assertThat(journal().quarantine(CITY)).isEmpty();
        assertThat(journal().claim(AIR, operation(2), ALPHA, NOW, NOBODY_IS_DEAD))
                .isInstanceOf(ClaimResult.Open.class);
    }

    @Test
    void aDatasetThatIsSetAsideKeepsItsFirstReason() {
        Claim claim = claimed("air", 1);
        journal().quarantine(claim, "first", NOW);

        journal().quarantine(claim, "second", NOW.plusSeconds(1));

        assertThat(journal().quarantine(CITY)).contains(new Quarantine(CITY, operation(1), "first", NOW));
    }

    @Test
    void anAttemptOnADatasetThatIsSetAsideCanBeSeizedToResolveIt() {
        journal().quarantine(claimed("air", 1), "odd", NOW);

        assertThat(journal().seize(operation(1), BETA, NOW)).isPresent();
    }

    // ---- reviews

    @Test
    void aJobThatIsAskedAboutWaitsWithoutAnAttempt() {
        asked();

        JobRecord job = journal().job(AIR).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.AWAITING_REVIEW);
        assertThat(job.attempts()).as("the attempt is given back").isZero();
        assertThat(job.review()).contains(JournalSamples.review());
        assertThat(job.nextAttemptAt()).isEmpty();
        assertThat(job.decision()).isEmpty();
        assertThat(journal().openAttempts()).isEmpty();
        assertThat(journal().announcement(AIR, 0).orElseThrow().verdict())
                .isEqualTo(new Verdict.Ask(JournalSamples.review()));
        assertThat(journal().admit(delivery("air", "city", 0), NOW)).isInstanceOf(Admission.Ended.class);
    }

    @ParameterizedTest
    @EnumSource
    void theWordOnAReviewOpensTheNextHop(Decision.Word word) {
        asked();
        Delivery said = decision("air", word, 1, 7);

        Admission admission = journal().admit(said, NOW);

        assertThat(admission).isInstanceOfSatisfying(Admission.Run.class, run -> {
            assertThat(run.job().state()).isEqualTo(JobState.OPEN);
            assertThat(run.job().hop()).isEqualTo(1);
            assertThat(run.job().decision()).isEqualTo(said.decision());
        });
        assertThat(journal().admit(said, NOW)).as("delivered again").isInstanceOf(Admission.Run.class);
        assertThat(journal().job(AIR)).contains(((Admission.Run) admission).job());
    }

    /// Headers of messages hold any bytes; PostgreSQL's texts hold none.
    @Test
    void aNulInADecisionKeepsNobodyFromTakingIt() {
        asked();

        Admission admission = journal().admit(saidBy("air", "an\0n", "wh\0y"), NOW);

        assertThat(admission).isInstanceOf(Admission.Run.class);
        Decision taken = journal().job(AIR).orElseThrow().decision().orElseThrow();
        assertThat(taken.by()).isEqualTo("an\uFFFDn");
        assertThat(taken.note()).contains("wh\uFFFDy");
    }

    @Test
    void theFirstWordCounts() {
        asked();
        journal().admit(decision("air", Decision.Word.APPROVED, 1, 7), NOW);

        assertThat(journal().admit(decision("air", Decision.Word.APPROVED, 1, 8), NOW))
                .isInstanceOf(Admission.Duplicate.class);
        assertThat(journal().admit(decision("air", Decision.Word.EXPIRED, 1, 9), NOW))
                .isInstanceOf(Admission.Duplicate.class);
        assertThat(journal().admit(decision("air", Decision.Word.REJECTED, 1, 10), NOW))
                .isInstanceOfSatisfying(
                        Admission.Unasked.class,
                        unasked -> assertThat(unasked.reason()).contains("approved by ann before"));
        assertThat(journal().job(AIR).orElseThrow().decision().orElseThrow().word())
                .isEqualTo(Decision.Word.APPROVED);
    }

    /// Also long after the end: the same message is known, another one is late.
    @Test
    void decisionsThatComeWhenAllIsOverChangeNothing() {
        asked();
        Delivery said = decision("air", Decision.Word.APPROVED, 1, 7);
        journal().admit(said, NOW);
        journal().end(claim("air", 2, ALPHA), completed(), NOW);

        assertThat(journal().admit(said, NOW)).isInstanceOf(Admission.Ended.class);
        assertThat(journal().admit(decision("air", Decision.Word.REJECTED, 1, 8), NOW))
                .isInstanceOf(Admission.Unasked.class);
        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void decisionsThatNobodyAskedForChangeNothing() {
        assertThat(journal().admit(decision("air", Decision.Word.APPROVED, 1, 7), NOW))
                .as("no such job")
                .isInstanceOf(Admission.Unasked.class);
        assertThat(journal().job(AIR)).isEmpty();
        asked();
        assertThat(journal().admit(decision("air", Decision.Word.APPROVED, 2, 8), NOW))
                .as("another hop")
                .isInstanceOf(Admission.Unasked.class);
        assertThat(journal().job(AIR).orElseThrow().state()).isEqualTo(JobState.AWAITING_REVIEW);
    }

    @Test
    void aJobMayBeAskedAboutAgain() {
        asked();
        journal().admit(decision("air", Decision.Word.APPROVED, 1, 7), NOW);
        journal().end(claim("air", 2, ALPHA), JournalSamples.asked(), NOW);

        JobRecord job = journal().job(AIR).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.AWAITING_REVIEW);
        assertThat(job.decision()).as("the earlier word is not about this").isEmpty();
        assertThat(journal().admit(decision("air", Decision.Word.APPROVED, 1, 7), NOW))
                .as("the earlier one, delivered again")
                .isInstanceOf(Admission.Ended.class);
        assertThat(journal().admit(decision("air", Decision.Word.REJECTED, 2, 9), NOW))
                .isInstanceOf(Admission.Run.class);
    }

    @Test
    void overdueReviewsAreThoseThatStillWait() {
        asked();

        assertThat(journal().overdueReviews(NOW.plusSeconds(3599), 9)).isEmpty();
        assertThat(journal().overdueReviews(NOW.plusSeconds(3600), 9))
                .extracting(JobRecord::job)
                .containsExactly(AIR);
        journal().admit(decision("air", Decision.Word.EXPIRED, 1, 7), NOW);
        assertThat(journal().overdueReviews(NOW.plusSeconds(3600), 9)).isEmpty();
    }

    private void asked() {
        journal().end(claimed("air", 1), JournalSamples.asked(), NOW);
    }

    // ---- steps of the tests

    private Claim claimed(String job, int operation) {
        journal().admit(delivery(job, "city", 0), NOW);
        return claim(job, operation, ALPHA);
    }

    private Claim claim(String job, int operation, WorkerId owner) {
        ClaimResult result = journal().claim(new JobId(job), operation(operation), owner, NOW, NOBODY_IS_DEAD);
        assertThat(result).isInstanceOf(ClaimResult.Claimed.class);
        return ((ClaimResult.Claimed) result).claim();
    }

    private void confirm(Claim claim) {
        journal()
                .record(
                        claim,
                        List.of(
                                new Entry.Planned(1, "stage", "{}"),
                                new Entry.Armed(),
                                new Entry.Done(1, "{}"),
                                new Entry.Confirmed()));
    }

    private void rolledBackForRetry(String job, int operation) {
        Claim claim = claimed(job, operation);
        journal().record(claim, List.of(new Entry.RollBack("{}")));
        journal().end(claim, retry(), NOW);
    }

    private List<OperationId> orphans(WorkerId worker, boolean othersAreDead) {
        return journal().orphanedAttempts(worker, othersAreDead ? NOW.plusSeconds(1) : NOBODY_IS_DEAD).stream()
                .map(Attempt::operation)
                .toList();
    }

    private void refusedUnchanged(Claim claim, Entry entry) {
        List<Attempt> before = journal().openAttempts();
        refused(() -> journal().record(claim, List.of(entry)));
        assertThat(journal().openAttempts()).isEqualTo(before);
    }

    private static void refused(Runnable step) {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(step::run);
    }

    private static void fenced(Runnable step) {
        assertThatExceptionOfType(Fenced.class).isThrownBy(step::run);
    }
}
