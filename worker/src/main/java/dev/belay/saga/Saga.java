package dev.belay.saga;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Fenced;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Admission;
import dev.belay.journal.Announcement;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.Compensation;
import dev.belay.journal.Delivery;
import dev.belay.journal.Ending;
import dev.belay.journal.Entry;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Journal;
import dev.belay.journal.Quarantine;
import dev.belay.journal.Review;
import dev.belay.journal.Verdict;
import dev.belay.schemas.EventCodec;
import dev.belay.stage.Findings;
import dev.belay.stage.Gate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings each delivered job to the end of its hop: admit, claim, tell the attempt's story, and end it, or go
/// back.
///
/// Read [#handle] from top to bottom: it is the protocol. Every decision is in the journal before it is acted
/// upon; what a crash leaves behind is found by the next claim on the dataset and resolved before anything new
/// is planned.
public final class Saga implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Saga.class);

    private static final String DESCRIBE = "describe";

    private final Journal journal;
    private final Datastore datastore;
    private final Stages stages;
    private final SagaSettings settings;
    private final WorkerId me;
    private final InstantSource clock;
    private final InstantSource lives;
    private final IdSource ids;
    private final AttemptStory story;
    private final Endings endings;
    private final RetryPolicy retries;
    private final Recovery recovery;
    private final Sweep sweep;
    // Attempts this process left open because a store could not be used: they do not count against their jobs.
    private final Set<OperationId> suspended = ConcurrentHashMap.newKeySet();
    // Attempts this process took over or set aside, and may have left open: nobody else can have them while it lives.
    private final Set<OperationId> takenOver = ConcurrentHashMap.newKeySet();

    /// What the saga holds together.
    public record Rooms(
            Journal journal, Datastore datastore, Stash stash, Stages stages, Requests requests, EventCodec events) {}

    /// @param own   dates everything
    /// @param lives tells whose owner is lost, see [Journal#sharedClock]
    public record Clocks(InstantSource own, InstantSource lives) {}

    /// @param me    under which name datasets are claimed
    /// @param clock dates everything, and tells whose owner is lost
    /// @param ids   mints operation ids
    public Saga(Rooms rooms, SagaSettings settings, WorkerId me, InstantSource clock, IdSource ids) {
        this(rooms, settings, me, new Clocks(clock, clock), ids);
    }

    /// @param me  under which name datasets are claimed
    /// @param ids mints operation ids
    public Saga(Rooms rooms, SagaSettings settings, WorkerId me, Clocks clocks, IdSource ids) {
        InstantSource clock = clocks.own();
        this.journal = rooms.journal();
        this.datastore = rooms.datastore();
        this.stages = rooms.stages();
        this.settings = settings;
        this.me = me;
        this.clock = clock;
        this.lives = clocks.lives();
        this.ids = ids;
        this.story = new AttemptStory(datastore, rooms.stash(), stages, clock, ids);
        this.endings = new Endings(datastore, rooms.events(), settings.eventSource(), clock);
        this.retries = new RetryPolicy(settings.retryDelays());
        this.recovery = new Recovery(journal, datastore, stages, endings, retries, rooms.requests(), clock);
        this.sweep = new Sweep(journal, datastore, rooms.stash(), stages.settle());
    }

    @Override
    public Handled handle(JobRequest request, Delivery delivery, JobListener listener, StopSignal stop) {
        try {
            while (true) {
                switch (journal.admit(delivery, clock.instant())) {
                    case Admission.Ended(Announcement announcement) -> {
                        return announcement.announced()
                                ? new Handled.Drop("announced before")
                                : new Handled.Announce(announcement);
                    }
                    case Admission.Duplicate(JobRecord first) -> {
                        return new Handled.Drop("duplicate of a job accepted at " + first.acceptedAt());
                    }
                    case Admission.Conflict(JobRecord first) -> {
                        return new Handled.Conflict(first);
                    }
                    case Admission.Unasked(String reason) -> {
                        return new Handled.Unasked(reason);
                    }
                    case Admission.Run(JobRecord job) -> {
                        if (stop.isRaised()) {
                            return later(Handled.Later.Cause.STOPPED, "the worker is stopping");
                        }
                        if (isRefused(job)) {
                            refuse(job, request);
                            continue;
                        }
                        Optional<Handled> waits = advance(job, request, delivery, listener, stop);
                        if (waits.isPresent()) {
                            return waits.get();
                        }
                    }
                }
            }
        } catch (Unavailable outage) {
            LOG.warn("job {} waits: {}", delivery.job(), outage.getMessage());
            return later(cause(outage), outage.failure().message());
        } catch (Fenced taken) {
            LOG.warn("job {}: {}", delivery.job(), taken.getMessage());
            return later(Handled.Later.Cause.FENCED, String.valueOf(taken.getMessage()));
        }
    }

    /// What others do to one dataset in its store is no reason for those of other datasets to wait.
    private static Handled.Later.Cause cause(Unavailable outage) {
        FailureCode code = outage.failure().code();
        return code == FailureCode.READERS_IN_THE_WAY || code == FailureCode.OBJECT_IN_THE_WAY
                ? Handled.Later.Cause.BUSY
                : Handled.Later.Cause.OUTAGE;
    }

    /// Resolves every open attempt that is this worker's to resolve: its own slot's from an earlier life, those
    /// whose owner is gone, and those it took over before and could not bring to an end.
    ///
    /// @return how many were brought to an end
    /// @throws Unavailable when the journal cannot be read: never taken for "none"
    public int recover() {
        int resolved = 0;
        for (Attempt open : mineToResolve()) {
            try {
                if (journal.quarantine(open.dataset()).isEmpty()) {
                    resolved += resolved(open) ? 1 : 0;
                }
            } catch (Fenced others) {
                LOG.warn("attempt {} is left to others: {}", open.operation(), others.getMessage());
            } catch (Unavailable notNow) {
                LOG.warn("attempt {} stays open for now: {}", open.operation(), notNow.getMessage());
            } catch (RuntimeException defect) {
                // One attempt that we cannot read must not keep the others open; it is met again by its own dataset's
                // jobs.
                LOG.error("attempt {} stays open because of a defect of ours", open.operation(), defect);
            }
        }
        return resolved;
    }

    /// Takes an attempt over and remembers it while it is not at its end, as it is when its dataset is
    /// set aside.
    private boolean resolved(Attempt open) {
        boolean isOthers = false;
        boolean ended = false;
        try {
            ended = recovery.resolve(open.operation(), me, cause(open));
            return ended;
        } catch (Fenced others) {
            isOthers = true;
            throw others;
        } finally {
            if (ended || isOthers) {
                takenOver.remove(open.operation());
            } else {
                takenOver.add(open.operation());
            }
        }
    }

    private List<Attempt> mineToResolve() {
        List<Attempt> orphaned = journal.orphanedAttempts(me, lostBefore());
        if (takenOver.isEmpty()) {
            return orphaned;
        }
        var all = new ArrayList<>(orphaned);
        journal.openAttempts().stream()
                .filter(open -> open.owner().equals(me) && takenOver.contains(open.operation()))
                .forEach(all::add);
        takenOver.retainAll(all.stream().map(Attempt::operation).toList());
        return all;
    }

    /// Removes what ended attempts have left behind. Apart from [#recover()] because it lists everything there
    /// is: at start, after it, and now and then.
    ///
    /// @return what was found, removed or kept, and why
    /// @throws Unavailable when it cannot be read what there is, or which attempts are open: nothing was removed
    public List<Sweep.Finding> sweep() {
        return sweep.sweep();
    }

    /// Makes one step with an admitted job: resolves what is in its way, or runs an attempt.
    ///
    /// @return why it has to wait, or empty when the journal should be asked again
    private Optional<Handled> advance(
            JobRecord job, JobRequest request, Delivery delivery, JobListener listener, StopSignal stop) {
        OperationId operation = ids.nextOperation();
        Optional<ClaimResult> claimed = claim(job, operation);
        if (claimed.isEmpty()) {
            return Optional.empty();
        }
        return switch (claimed.get()) {
            case ClaimResult.Claimed(Claim claim, int number) -> {
                AttemptStory.Words words = (commit, findings, millis) -> endings.completed(
                        facts(request, operation, number, job.acceptedAt(), millis), commit, findings);
                var cast = new AttemptStory.Cast(request, delivery.position(), claim, number, job.decision(), words);
                attempt(cast, job.acceptedAt(), listener, stop);
                yield Optional.empty();
            }
            case ClaimResult.Exhausted(Claim claim) -> {
                Facts facts = facts(request, operation, job.attempts(), job.acceptedAt(), Map.of());
                journal.end(claim, endings.failed(facts, crashed(job)), clock.instant());
                yield Optional.empty();
            }
            case ClaimResult.Open(Attempt open) -> {
                boolean resolved = resolved(open);
                suspended.remove(open.operation());
                if (!resolved) {
                    LOG.debug("attempt {} ended meanwhile or was set aside", open.operation());
                }
                yield Optional.empty();
            }
            case ClaimResult.Busy(Attempt busy) ->
                Optional.of(later(
                        Handled.Later.Cause.BUSY,
                        "job %s is being worked on by %s".formatted(busy.job(), busy.owner())));
            case ClaimResult.SetAside(Quarantine quarantine) -> {
                refuse(job, request, operation, quarantine);
                yield Optional.empty();
            }
        };
    }

    /// Claims; when the answer is lost, the attempt that may have begun must not count.
    ///
    /// @return empty when another worker has ended the job since it was admitted: the journal should be asked
    /// again
    private Optional<ClaimResult> claim(JobRecord job, OperationId operation) {
        try {
            return Optional.of(journal.claim(job.job(), operation, me, clock.instant(), lostBefore()));
        } catch (Unavailable outage) {
            suspended.add(operation);
            throw outage;
        } catch (IllegalStateException refused) {
            // A defect, unless the job was ended between the two calls.
            boolean ended = journal.job(job.job())
                    .filter(now -> now.state() != JobState.OPEN)
                    .isPresent();
            if (ended) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /// One attempt: the story, and its end in the journal. What fails before the pivot is taken back.
    private void attempt(AttemptStory.Cast cast, Instant acceptedAt, JobListener listener, StopSignal stop) {
        Claim claim = cast.claim();
        listener.attemptStarted(claim.operation(), cast.number());
        var log = new AttemptLog(journal, claim, clock, listener, stop);
        try {
            Optional<Ending> ending = told(cast, acceptedAt, log);
            if (ending.isPresent()) {
                journal.end(claim, ending.get(), clock.instant());
            } else {
                log.afterwards(DESCRIBE, () -> stages.settle().settleAfterEnd(claim.dataset(), claim.operation()));
            }
        } catch (SetAside undecidable) {
            LOG.error("dataset {} is set aside: {}", claim.dataset(), undecidable.getMessage());
            journal.quarantine(claim, String.valueOf(undecidable.getMessage()), clock.instant());
            takenOver.add(claim.operation());
        } catch (Unavailable outage) {
            suspended.add(claim.operation());
            if (!dropOwnIfOver(claim)) {
                refuseIfTaken(claim);
                throw outage;
            }
            suspended.remove(claim.operation());
        } catch (IllegalStateException broken) {
            // A defect, unless others have ended the attempt and tidied up under its feet.
            if (!dropOwnIfOver(claim)) {
                throw broken;
            }
        } catch (Fenced taken) {
            dropOwnIfOver(claim);
            throw taken;
        }
    }

    /// How the attempt ends.
    ///
    /// @return empty when it has ended with its publication
    private Optional<Ending> told(AttemptStory.Cast cast, Instant acceptedAt, AttemptLog log) {
        Claim claim = cast.claim();
        try {
            AttemptStory.End end = story.tell(cast, log);
            Facts facts = facts(cast.request(), claim.operation(), cast.number(), acceptedAt, log.millis());
            return switch (end) {
                case AttemptStory.End.Over _ -> Optional.empty();
                case AttemptStory.End.Landed landed -> Optional.of(settled(cast, landed, log));
                case AttemptStory.End.Unchanged unchanged -> {
                    stages.settle().discard(claim.operation());
                    yield Optional.of(endings.skipped(facts, unchanged.served(), "unchanged", unchanged.findings()));
                }
                case AttemptStory.End.Refused refused ->
                    Optional.of(takenBack(facts, claim, log, refused.failure(), refused.findings()));
                case AttemptStory.End.Planned planned -> {
                    stages.settle().discard(claim.operation());
                    yield Optional.of(endings.planned(facts, planned.plan(), planned.findings()));
                }
                case AttemptStory.End.Asked(Gate.Passage.Ask ask) -> {
                    stages.settle().discard(claim.operation());
                    yield Optional.of(endings.asked(facts, ask));
                }
                case AttemptStory.End.Outdated outdated -> {
                    goBack(claim, log, superseded());
                    yield Optional.of(endings.superseded(facts, outdated.newer()));
                }
            };
        } catch (JobFailure failed) {
            Facts facts = facts(cast.request(), claim.operation(), cast.number(), acceptedAt, log.millis());
            return Optional.of(takenBack(facts, claim, log, failed.failure(), Findings.NONE));
        }
    }

    /// Files that vanish because someone else has resolved the attempt are no outage.
    private void refuseIfTaken(Claim claim) {
        Epoch fence = datastore.state(claim.dataset()).fence();
        if (fence.compareTo(claim.epoch()) > 0) {
            suspended.remove(claim.operation());
            throw new Fenced(claim.dataset(), claim.epoch(), fence);
        }
    }

    /// After the pivot only forward: what fails here becomes a warning.
    private Ending settled(AttemptStory.Cast cast, AttemptStory.End.Landed landed, AttemptLog log) {
        Claim claim = cast.claim();
        var warnings = new ArrayList<String>();
        log.afterwards(DESCRIBE, () -> warnings.addAll(stages.settle().settle(claim.dataset(), claim.operation())));
        Findings findings = landed.findings();
        for (String warning : warnings) {
            findings = findings.warned(warning);
        }
        return cast.words().completed(landed.commit(), findings, log.millis());
    }

    private Ending takenBack(Facts facts, Claim claim, AttemptLog log, Failure failure, Findings findings) {
        List<RollBack.Undone> undone = goBack(claim, log, failure);
        if (failure.code() == FailureCode.WORKER_STOPPED) {
            return endings.again(facts, failure, undone, false);
        }
        return endings.rolledBack(
                facts,
                failure,
                undone,
                retries.next(failure, facts.attempts(), facts.request().retry()),
                findings);
    }

    /// Writes the decision and compensates.
    ///
    /// @throws SetAside when a compensation failed for good
    private List<RollBack.Undone> goBack(Claim claim, AttemptLog log, Failure failure) {
        journal.record(claim, List.of(new Entry.RollBack(Journaled.sealed(KeptFailure.of(failure)))));
        List<RollBack.Undone> undone = new RollBack(journal, stages).undo(claim, log.planned());
        for (RollBack.Undone one : undone) {
            if (one.result().result() == Compensation.Result.FAILED) {
                throw new SetAside("%s could not be undone: %s"
                        .formatted(one.stage(), one.result().detail()));
            }
        }
        return undone;
    }

    private static boolean isRefused(JobRecord job) {
        return job.decision().filter(said -> !said.word().goesOn()).isPresent();
    }

    /// A job that a person has rejected, or that nobody has approved in time, ends without another attempt.
    private void refuse(JobRecord job, JobRequest request) {
        Review review = job.review().orElseThrow();
        Failure failure = Gate.refused(review, job.decision().orElseThrow());
        Facts facts = facts(request, review.operation(), job.attempts(), job.acceptedAt(), Map.of());
        Ending ending = endings.failed(facts, failure);
        journal.refuse(job.job(), job.hop(), (Verdict.Over) ending.verdict(), ending.events(), clock.instant());
    }

    /// A dataset that is set aside refuses jobs at once, naming the attempt; other datasets go on.
    private void refuse(JobRecord job, JobRequest request, OperationId operation, Quarantine quarantine) {
        var failure = new Failure.Corrupt(
                FailureCode.DATASET_QUARANTINED,
                "dataset %s is set aside since %s because of attempt %s: %s"
                        .formatted(
                                quarantine.dataset(), quarantine.since(), quarantine.operation(), quarantine.reason()),
                Place.NONE);
        Ending ending = endings.failed(facts(request, operation, job.attempts(), job.acceptedAt(), Map.of()), failure);
        journal.refuse(job.job(), job.hop(), (Verdict.Over) ending.verdict(), ending.events(), clock.instant());
    }

    /// A stalled owner that finds itself fenced removes what it may have made since, once nobody needs it any
    /// more; so does one that has not heard that its attempt ended.
    ///
    /// @return whether the attempt has ended
    /// @throws Fenced when it has not, but someone else is ending it
    private boolean dropOwnIfOver(Claim claim) {
        Optional<Attempt> mine = journal.attempts(claim.job()).stream()
                .filter(attempt -> attempt.operation().equals(claim.operation()))
                .findFirst();
        boolean over = mine.flatMap(Attempt::endedAt).isPresent();
        if (over) {
            datastore.dropStaged(claim.dataset(), claim.operation());
            if (datastore.commit(claim.operation().commitId()).isPresent()) {
                stages.settle().settleAfterEnd(claim.dataset(), claim.operation());
            } else {
                stages.settle().discard(claim.operation());
            }
        } else if (mine.isPresent() && !mine.get().epoch().equals(claim.epoch())) {
            throw new Fenced(claim.dataset(), claim.epoch(), mine.get().epoch());
        }
        return over;
    }

    private Recovery.Cause cause(Attempt open) {
        return suspended.contains(open.operation()) ? Recovery.Cause.OUTAGE : Recovery.Cause.CRASH;
    }

    private static Facts facts(
            JobRequest request, OperationId operation, int attempts, Instant acceptedAt, Map<String, Long> millis) {
        return new Facts(request, operation, attempts, acceptedAt, millis);
    }

    private static Failure crashed(JobRecord job) {
        return new Failure.Transient(
                FailureCode.WORKER_CRASHED,
                "the worker died in every one of %d attempts".formatted(job.attempts()),
                Place.NONE);
    }

    private static Failure superseded() {
        return new Failure.Conflict(FailureCode.HEAD_MOVED, "a newer job has published", Place.NONE);
    }

    private Instant lostBefore() {
        return lives.instant().minus(settings.ownerLostAfter());
    }

    private static Handled.Later later(Handled.Later.Cause cause, String reason) {
        return new Handled.Later(cause, reason);
    }

    /// Carries the decision to set a dataset aside out of an attempt.
    private static final class SetAside extends RuntimeException {
        SetAside(String reason) {
            super(reason);
        }
    }
}
