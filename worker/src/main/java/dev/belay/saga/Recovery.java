package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.PublishResult;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.InjectedFault;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.SourcePosition;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.Compensation;
import dev.belay.journal.Ending;
import dev.belay.journal.Entry;
import dev.belay.journal.Journal;
import dev.belay.journal.Phase;
import dev.belay.journal.Seized;
import dev.belay.pivot.Pivot;
import dev.belay.schemas.EventData.Recovered.Action;
import dev.belay.stage.Findings;
import dev.belay.stage.Publish;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resolves attempts that were left open: by a crash, an outage, or an owner that is gone.
///
/// Claims first, in the journal and then in the datastore, so that a stalled owner can change nothing more;
/// then reads; then does the one thing the case asks for. Acting is idempotent: killed anywhere, the next
/// recovery ends the same way.
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Journal journal;
    private final Datastore datastore;
    private final Stages stages;
    private final Endings endings;
    private final RetryPolicy retries;
    private final Requests requests;
    private final InstantSource clock;

    Recovery(
            Journal journal,
            Datastore datastore,
            Stages stages,
            Endings endings,
            RetryPolicy retries,
            Requests requests,
            InstantSource clock) {
        this.journal = journal;
        this.datastore = datastore;
        this.stages = stages;
        this.endings = endings;
        this.retries = retries;
        this.requests = requests;
        this.clock = clock;
    }

    /// Why an attempt is open, as far as this worker knows.
    enum Cause {
        /// Its worker died: the attempt counts.
        CRASH,
        /// A store could not be used: the attempt does not count.
        OUTAGE
    }

    /// Takes the attempt over and brings it to its end.
    ///
    /// @return false when its dataset had to be set aside, or it had ended meanwhile
    /// @throws dev.belay.job.Unavailable when a store cannot be used: it stays open, to be resolved later
    /// @throws dev.belay.job.Fenced      when someone else is resolving it
    boolean resolve(OperationId operation, WorkerId me, Cause cause) {
        Optional<Seized> seized = journal.seize(operation, me, clock.instant());
        if (seized.isEmpty()) {
            return false;
        }
        Claim claim = seized.get().claim();
        datastore.fence(claim.dataset(), claim.epoch());
        try {
            Attempt attempt = seized.get().attempt();
            JobRequest request = requests.of(seized.get().job());
            var found = new Found(
                    claim,
                    attempt,
                    seized.get().job().position(),
                    seized.get().job().state().isTerminal(),
                    Journaled.effects(attempt),
                    new Facts(
                            request,
                            operation,
                            attempt.number(),
                            seized.get().job().acceptedAt(),
                            Map.of()),
                    cause);
            FaultPoint.RECOVERY_CLASSIFY.before(Recovery::outage);
            Case open = new Classifier(datastore).classify(attempt, found.effects());
            FaultPoint.RECOVERY_CLASSIFY.after(Recovery::outage);
            LOG.info(
                    "attempt {} of job {} was left open: {}",
                    operation,
                    claim.job(),
                    open.getClass().getSimpleName());
            FaultPoint.RECOVERY_ACT.before(Recovery::outage);
            boolean ended = act(open, found);
            FaultPoint.RECOVERY_ACT.after(Recovery::outage);
            return ended;
        } catch (Journaled.Unreadable | JobFailure unreadable) {
            return setAside(claim, String.valueOf(unreadable.getMessage()));
        }
    }

    private static Unavailable outage(InjectedFault fault) {
        String message = String.valueOf(fault.getMessage());
        return new Unavailable(new Failure.Transient(FailureCode.STORE_UNAVAILABLE, message, Place.NONE), fault);
    }

    /// An open attempt, seized.
    ///
    /// @param position where its job's original message stands
    /// @param isTold   whether its job has ended without it, refused while the dataset was set aside: what people
    /// were told stands, so nothing of it is published any more
    private record Found(
            Claim claim,
            Attempt attempt,
            SourcePosition position,
            boolean isTold,
            List<PlannedEffect> effects,
            Facts facts,
            Cause cause) {}

    private boolean act(Case open, Found found) throws JobFailure, Journaled.Unreadable {
        return switch (open) {
            case Case.VisibleForward(Commit commit, Publish.Plan plan) ->
                complete(found, commit, plan.findings(), open, Action.FINALIZED);
            case Case.ConfirmedBaseUnchanged(Publish.Plan plan) ->
                found.isTold() ? goBack(found, open, Action.ROLLED_BACK) : publish(found, plan, open);
            case Case.VisibleRollback _ -> goBack(found, open, Action.FINALIZED);
            case Case.NoEffect _, Case.DatasetGone _, Case.IncarnationChanged _ ->
                goBack(found, open, Action.DISCARDED);
            case Case.ConfirmedBaseMoved _, Case.Incomplete _ -> goBack(found, open, Action.ROLLED_BACK);
            case Case.BothVisible _ ->
                setAside(
                        found.claim(),
                        "both a version and its roll-back are published for "
                                + found.attempt().operation());
            case Case.Unverifiable(String reason) -> setAside(found.claim(), reason);
        };
    }

    private boolean publish(Found found, Publish.Plan plan, Case open) throws JobFailure, Journaled.Unreadable {
        var end = new Pivot.End(
                found.claim(),
                commit -> told(
                        found, endings.completed(found.facts(), commit, plan.findings()), open, Action.ROLLED_FORWARD),
                clock);
        return switch (stages.publish().apply(plan, new Publish.Input(plan, end))) {
            case Pivot.Turn.Ended _ -> {
                stages.settle()
                        .settleAfterEnd(found.claim().dataset(), found.claim().operation());
                yield true;
            }
            case Pivot.Turn.Open(PublishResult.Published(Commit commit)) ->
                complete(found, commit, plan.findings(), open, Action.ROLLED_FORWARD);
            case Pivot.Turn.Open(PublishResult.Superseded(Commit newer)) -> {
                Optional<List<RollBack.Undone>> undone = undo(found, conflict("a newer job has published"));
                yield undone.isPresent()
                        && end(found, endings.superseded(found.facts(), newer), open, Action.ROLLED_BACK);
            }
            case Pivot.Turn.Open(PublishResult.BaseMoved _),
                    Pivot.Turn.Open(PublishResult.IncarnationChanged _),
                    Pivot.Turn.Open(PublishResult.DictionaryMoved _) -> goBack(found, open, Action.ROLLED_BACK);
        };
    }

    private boolean complete(Found found, Commit commit, Findings findings, Case open, Action action) {
        Findings all = findings;
        for (String warning :
                stages.settle().settle(found.claim().dataset(), found.claim().operation())) {
            all = all.warned(warning);
        }
        return end(found, endings.completed(found.facts(), commit, all), open, action);
    }

    private boolean goBack(Found found, Case open, Action action) throws Journaled.Unreadable {
        Failure failure = reason(found, open);
        Optional<List<RollBack.Undone>> undone = undo(found, failure);
        return undone.isPresent() && end(found, ending(found, failure, undone.get()), open, action);
    }

    private Ending ending(Found found, Failure failure, List<RollBack.Undone> undone) {
        Facts facts = found.facts();
        int allowed = facts.request().retry().maxAttempts();
        boolean notItsFault =
                failure.code() == FailureCode.STORE_UNAVAILABLE || failure.code() == FailureCode.WORKER_STOPPED;
        if (notItsFault) {
            return endings.again(facts, failure, undone, false);
        }
        Optional<Commit> newer = failure.code() == FailureCode.HEAD_MOVED ? newerThan(found) : Optional.empty();
        if (newer.isPresent()) {
            return endings.superseded(facts, newer.get());
        }
        boolean atOnce = failure.code() == FailureCode.WORKER_CRASHED || failure.code() == FailureCode.HEAD_MOVED;
        if (atOnce && facts.attempts() < allowed) {
            return endings.again(facts, failure, undone, true);
        }
        Optional<Duration> next = atOnce
                ? Optional.empty()
                : retries.next(failure, facts.attempts(), facts.request().retry());
        return endings.rolledBack(facts, failure, undone, next, Findings.NONE);
    }

    /// What the attempt would have found, had it begun now: then its job is superseded, not failed.
    private Optional<Commit> newerThan(Found found) {
        return AttemptStory.newerThan(
                found.facts().request().mode(),
                found.position(),
                datastore.state(found.claim().dataset()));
    }

    /// Writes the decision to go back, unless it is written, and compensates.
    ///
    /// @return empty when a compensation failed for good and the dataset was set aside
    private Optional<List<RollBack.Undone>> undo(Found found, Failure failure) {
        if (found.attempt().phase() != Phase.ROLLING_BACK) {
            String kept = Journaled.sealed(KeptFailure.of(failure));
            journal.record(found.claim(), List.of(new Entry.RollBack(kept)));
        }
        List<RollBack.Undone> undone = new RollBack(journal, stages).undo(found.claim(), found.effects());
        for (RollBack.Undone one : undone) {
            if (one.result().result() == Compensation.Result.FAILED) {
                setAside(
                        found.claim(),
                        "%s could not be undone: %s"
                                .formatted(one.stage(), one.result().detail()));
                return Optional.empty();
            }
        }
        return Optional.of(undone);
    }

    private boolean end(Found found, Ending ending, Case open, Action action) {
        journal.end(found.claim(), told(found, ending, open, action), clock.instant());
        return true;
    }

    private Ending told(Found found, Ending ending, Case open, Action action) {
        return endings.recovered(found.facts(), ending, open.getClass().getSimpleName(), action);
    }

    private boolean setAside(Claim claim, String reason) {
        LOG.error(
                "dataset {} is set aside because of attempt {}: {}. Every byte is kept; see docs/operations.md",
                claim.dataset(),
                claim.operation(),
                reason);
        journal.quarantine(claim, reason, clock.instant());
        return false;
    }

    /// Why the attempt goes back: what was decided before, else what was found.
    private static Failure reason(Found found, Case open) throws Journaled.Unreadable {
        if (found.attempt().failureJson().isPresent()) {
            return Journaled.failure(found.attempt().failureJson().get()).failure();
        }
        if (found.isTold()) {
            return conflict("its job has ended without it, while the dataset was set aside");
        }
        return switch (open) {
            case Case.ConfirmedBaseMoved _, Case.ConfirmedBaseUnchanged _ ->
                conflict("another version was published meanwhile; it stays");
            case Case.DatasetGone _, Case.IncarnationChanged _ -> conflict("the dataset was dropped meanwhile");
            default ->
                switch (found.cause()) {
                    case CRASH ->
                        new Failure.Transient(
                                FailureCode.WORKER_CRASHED,
                                "the worker died in attempt %d"
                                        .formatted(found.attempt().number()),
                                Place.NONE);
                    case OUTAGE ->
                        new Failure.Transient(
                                FailureCode.STORE_UNAVAILABLE,
                                "the journal or the datastore could not be used for a while",
                                Place.NONE);
                };
        };
    }

    private static Failure conflict(String message) {
        return new Failure.Conflict(FailureCode.HEAD_MOVED, message, Place.NONE);
    }
}
