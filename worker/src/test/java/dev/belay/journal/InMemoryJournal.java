package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Fenced;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// A journal for story and crash tests: deterministic, quick, and written apart from the real one, so that it
/// can serve as its model. It outlives [#close()], as a file would; a new life of a worker simply goes on with
/// it.
///
/// Each method works on copies and keeps them at its end, so one that throws has changed nothing. All methods
/// hold the journal's own monitor, which guards every map.
public final class InMemoryJournal implements Journal {
    private final String id;
    private final Map<WorkerId, Instant> heard = new HashMap<>();
    private final Map<DatasetId, Epoch> epochs = new HashMap<>();
    private final Map<DatasetId, Quarantine> setAside = new HashMap<>();
    // In the order in which they came.
    private final Map<JobId, JobRecord> jobs = new LinkedHashMap<>();
    private final Map<JobId, Long> places = new HashMap<>();
    private final Map<OperationId, Attempt> attempts = new LinkedHashMap<>();
    private final Map<OperationId, String> audit = new LinkedHashMap<>();
    private final Map<AnnouncementKey, List<OutgoingEvent>> outbox = new HashMap<>();
    private final Map<AnnouncementKey, Announcement> announcements = new HashMap<>();
    // By the hop that ended so; what is said last is of the highest one.
    private final Map<AnnouncementKey, Review> reviews = new HashMap<>();
    private final Map<AnnouncementKey, Decision> decisions = new HashMap<>();

    /// @param id what [#id()] answers
    public InMemoryJournal(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    /// The audit rows of an attempt.
    public synchronized List<String> audit(OperationId operation) {
        return Optional.ofNullable(audit.get(operation)).stream().toList();
    }

    @Override
    public synchronized void beat(WorkerId worker, Instant now) {
        heard.put(worker, now);
    }

    @Override
    public synchronized Admission admit(Delivery delivery, Instant now) {
        JobRecord job = jobs.get(delivery.job());
        if (delivery.decision().isPresent()) {
            Optional<Admission> other = taken(delivery, delivery.decision().get(), Optional.ofNullable(job));
            if (other.isPresent()) {
                return other.get();
            }
        }
        if (job == null) {
            JobRecord fresh = fresh(delivery, now);
            jobs.put(fresh.job(), fresh);
            // As SQLite numbers rows: one more than the largest there is.
            places.put(
                    fresh.job(),
                    1
                            + places.values().stream()
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElse(0));
            return new Admission.Run(fresh);
        }
        if (!job.requestDigest().equals(delivery.requestDigest())) {
            return new Admission.Conflict(job);
        }
        if (!job.position().equals(delivery.position())) {
            return new Admission.Duplicate(job);
        }
        int hop = delivery.hop();
        if (hop < job.hop() || (hop == job.hop() && job.state() != JobState.OPEN)) {
            return new Admission.Ended(announcement(job.job(), hop).orElseGet(() -> Announcement.out(job, hop)));
        }
        if (job.state().isTerminal()) {
            return new Admission.Ended(
                    announcement(job.job(), job.hop()).orElseGet(() -> Announcement.out(job, job.hop())));
        }
        if (hop > job.hop()) {
            var draft = new JobDraft(job);
            draft.state = JobState.OPEN;
            draft.hop = hop;
            draft.nextAttemptAt = Optional.empty();
            keep(draft);
        }
        return new Admission.Run(known(job.job()));
    }

    private Optional<Admission> taken(Delivery delivery, Decision said, Optional<JobRecord> known) {
        Optional<String> unasked = Reviews.unasked(delivery, said, known);
        if (unasked.isPresent()) {
            return Optional.of(new Admission.Unasked(unasked.get()));
        }
        JobRecord job = known.orElseThrow();
        var key = new AnnouncementKey(job.job(), delivery.hop() - 1);
        Review review = reviews.get(key);
        if (review == null || !review.digest().equals(said.of())) {
            return Optional.of(new Admission.Unasked(Reviews.ofNothing(job, said)));
        }
        Decision before = decisions.putIfAbsent(key, said);
        return before == null || before.place().equals(said.place())
                ? Optional.empty()
                : Optional.of(Reviews.late(job, said, before));
    }

    private static JobRecord fresh(Delivery delivery, Instant now) {
        return new JobRecord(
                delivery.job(),
                delivery.dataset(),
                JobState.OPEN,
                delivery.requestJson(),
                delivery.requestDigest(),
                delivery.position(),
                delivery.hop(),
                0,
                delivery.maxAttempts(),
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public synchronized ClaimResult claim(
            JobId id, OperationId operation, WorkerId owner, Instant now, Instant staleBefore) {
        JobRecord job = jobs.get(id);
        if (job == null || job.state() != JobState.OPEN) {
            throw new IllegalStateException("job is not open: " + id);
        }
        Quarantine quarantine = setAside.get(job.dataset());
        if (quarantine != null) {
            return new ClaimResult.SetAside(quarantine);
        }
        for (Attempt open : openAttempts()) {
            if (open.dataset().equals(job.dataset())) {
                boolean mine = open.job().equals(id)
                        || open.owner().slot().equals(owner.slot())
                        || isDead(open.owner(), staleBefore);
                return mine ? new ClaimResult.Open(open) : new ClaimResult.Busy(open);
            }
        }
        if (attempts.containsKey(operation)) {
            throw new IllegalStateException("operation id used before: " + operation);
        }
        boolean counted = job.attempts() < job.maxAttempts();
        var claim = new Claim(id, job.dataset(), operation, raise(job.dataset()));
        attempts.put(operation, begun(claim, job, owner, counted, now));
        if (!counted) {
            return new ClaimResult.Exhausted(claim);
        }
        var draft = new JobDraft(job);
        draft.attempts++;
        keep(draft);
        return new ClaimResult.Claimed(claim, draft.attempts);
    }

    private static Attempt begun(Claim claim, JobRecord job, WorkerId owner, boolean counted, Instant now) {
        return new Attempt(
                claim.operation(),
                claim.job(),
                claim.dataset(),
                job.attempts() + 1,
                job.hop(),
                claim.epoch(),
                owner,
                Phase.CLAIMED,
                counted,
                Optional.empty(),
                List.of(),
                now,
                Optional.empty());
    }

    @Override
    public synchronized Optional<Seized> seize(OperationId operation, WorkerId owner, Instant now) {
        Attempt attempt = attempts.get(operation);
        if (attempt == null || attempt.phase() == Phase.ENDED) {
            return Optional.empty();
        }
        var draft = new AttemptDraft(attempt);
        draft.epoch = raise(attempt.dataset());
        draft.owner = owner;
        Attempt seized = keep(draft);
        var claim = new Claim(attempt.job(), attempt.dataset(), operation, draft.epoch);
        return Optional.of(new Seized(claim, seized, known(attempt.job())));
    }

    @Override
    public synchronized void record(Claim claim, List<Entry> entries) {
        var draft = new AttemptDraft(held(claim));
        for (Entry entry : entries) {
            draft.write(entry);
        }
        keep(draft);
    }

    @Override
    public synchronized void end(Claim claim, Ending ending, Instant now) {
        Attempt attempt = held(claim);
        var draft = new AttemptDraft(attempt);
        draft.step(Phase.ENDED);
        if (ending.verdict() instanceof Verdict.Over over) {
            requireTerminal(over);
            require(attempt.phase() != Phase.ROLLING_BACK || over.state() != JobState.COMPLETED, "rolling back");
        }
        draft.counted = attempt.counted() && ending.counted();
        draft.endedAt = Optional.of(now);
        keep(draft);
        audit.put(claim.operation(), ending.audit());
        var job = new JobDraft(known(claim.job()));
        if (job.state.isTerminal()) {
            return;
        }
        if (attempt.counted() && !ending.counted()) {
            job.attempts--;
        }
        decide(job, ending.verdict(), ending.events(), now);
    }

    @Override
    public synchronized void refuse(JobId id, int hop, Verdict.Over verdict, List<OutgoingEvent> events, Instant now) {
        requireTerminal(verdict);
        JobRecord job = jobs.get(id);
        if (job != null && job.state() == JobState.OPEN && job.hop() == hop) {
            decide(new JobDraft(job), verdict, events, now);
        }
    }

    private void decide(JobDraft job, Verdict verdict, List<OutgoingEvent> events, Instant now) {
        var key = new AnnouncementKey(job.record.job(), job.hop);
        List<OutgoingEvent> all = outbox.computeIfAbsent(key, absent -> new ArrayList<>());
        all.addAll(events);
        switch (verdict) {
            case Verdict.Again again -> {
                keep(job);
                return;
            }
            case Verdict.Retry retry -> {
                job.state = JobState.AWAITING_RETRY;
                job.nextAttemptAt = Optional.of(retry.dueAt());
            }
            case Verdict.Ask(Review review) -> {
                job.state = JobState.AWAITING_REVIEW;
                job.review = Optional.of(review);
                reviews.put(key, review);
            }
            case Verdict.Over over -> {
                job.state = over.state();
                job.endedAt = Optional.of(now);
                job.receiptJson = Optional.of(over.receiptJson());
            }
        }
        keep(job);
        announcements.put(key, new Announcement(key, job.record.dataset(), verdict, all, false));
    }

    @Override
    public synchronized Optional<Announcement> announcement(JobId job, int hop) {
        return Optional.ofNullable(announcements.get(new AnnouncementKey(job, hop)));
    }

    @Override
    public synchronized void announced(List<AnnouncementKey> keys) {
        for (AnnouncementKey key : keys) {
            announcements.computeIfPresent(
                    key, (same, old) -> new Announcement(same, old.dataset(), old.verdict(), old.events(), true));
        }
    }

    @Override
    public synchronized List<Attempt> openAttempts() {
        return chosen(attempt -> attempt.phase() != Phase.ENDED);
    }

    @Override
    public synchronized List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) {
        return chosen(attempt -> attempt.phase() != Phase.ENDED
                && !attempt.owner().equals(worker)
                && (attempt.owner().slot().equals(worker.slot()) || isDead(attempt.owner(), staleBefore)));
    }

    @Override
    public synchronized Optional<JobRecord> job(JobId job) {
        return Optional.ofNullable(jobs.get(job)).map(this::withDecision);
    }

    @Override
    public synchronized List<JobRecord> jobs(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        return new ArrayList<>(jobs.values())
                .reversed().stream().limit(limit).map(this::withDecision).toList();
    }

    @Override
    public synchronized List<JobRecord> overdueReviews(Instant now, int limit) {
        return jobs.values().stream()
                .map(job -> known(job.job()))
                .filter(job -> job.state() == JobState.AWAITING_REVIEW)
                .filter(job -> !job.review().orElseThrow().until().isAfter(now))
                .sorted(Comparator.comparing(job -> job.review().orElseThrow().until()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Attempt> attempts(JobId job) {
        return chosen(attempt -> attempt.job().equals(job));
    }

    @Override
    public synchronized Optional<Attempt> attempt(OperationId operation) {
        return chosen(attempt -> attempt.operation().equals(operation)).stream().findFirst();
    }

    @Override
    public synchronized void quarantine(Claim claim, String reason, Instant now) {
        held(claim);
        setAside.putIfAbsent(claim.dataset(), new Quarantine(claim.dataset(), claim.operation(), reason, now));
    }

    @Override
    public synchronized Optional<Quarantine> quarantine(DatasetId dataset) {
        return Optional.ofNullable(setAside.get(dataset));
    }

    @Override
    public synchronized boolean release(DatasetId dataset) {
        return setAside.remove(dataset) != null;
    }

    @Override
    public synchronized Pruned prune(Retention retention, long from, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one job is looked at, not " + limit);
        }
        if (from == 0) {
            heard.values().removeIf(last -> last.isBefore(retention.endedBefore()));
        }
        List<JobRecord> found = jobs.values().stream()
                .filter(job -> place(job) > from)
                .limit(limit)
                .toList();
        OptionalLong last = found.size() < limit ? OptionalLong.empty() : OptionalLong.of(place(found.getLast()));
        int details = 0;
        int receipts = 0;
        for (JobRecord job : found) {
            if (!job.acceptedAt().isBefore(retention.endedBefore())) {
                return new Pruned(details, receipts, OptionalLong.empty());
            }
            if (mayBeForgotten(job, retention.endedBefore())) {
                details += forgetDetails(job.job()) ? 1 : 0;
                if (!retention.deliverable().test(job)) {
                    jobs.remove(job.job());
                    reviews.keySet().removeIf(key -> key.job().equals(job.job()));
                    decisions.keySet().removeIf(key -> key.job().equals(job.job()));
                    places.remove(job.job());
                    receipts++;
                }
            }
        }
        return new Pruned(details, receipts, last);
    }

    private long place(JobRecord job) {
        return Optional.ofNullable(places.get(job.job())).orElseThrow();
    }

    private boolean mayBeForgotten(JobRecord job, Instant endedBefore) {
        boolean old = job.endedAt().filter(ended -> ended.isBefore(endedBefore)).isPresent();
        boolean told =
                announcement(job.job(), job.hop()).map(Announcement::announced).orElse(true);
        return old
                && told
                && attempts(job.job()).stream()
                        .noneMatch(attempt -> attempt.phase() != Phase.ENDED
                                || setAside.values().stream()
                                        .anyMatch(aside -> aside.operation().equals(attempt.operation())));
    }

    private boolean forgetDetails(JobId job) {
        for (Attempt attempt : attempts(job)) {
            attempts.remove(attempt.operation());
            audit.remove(attempt.operation());
        }
        outbox.keySet().removeIf(key -> key.job().equals(job));
        return announcements.keySet().removeIf(key -> key.job().equals(job));
    }

    @Override
    public void close() {
        // Nothing is held; what was decided stays.
    }

    private Attempt held(Claim claim) {
        Epoch current = epochs.getOrDefault(claim.dataset(), new Epoch(0));
        if (!current.equals(claim.epoch())) {
            throw new Fenced(claim.dataset(), claim.epoch(), current);
        }
        Attempt attempt = attempts.get(claim.operation());
        if (attempt == null
                || !attempt.epoch().equals(claim.epoch())
                || !attempt.job().equals(claim.job())
                || attempt.phase() == Phase.ENDED) {
            throw new IllegalStateException("no open attempt for " + claim);
        }
        return attempt;
    }

    private boolean isDead(WorkerId worker, Instant staleBefore) {
        Instant last = heard.get(worker);
        return last == null || last.isBefore(staleBefore);
    }

    private Epoch raise(DatasetId dataset) {
        return epochs.merge(dataset, new Epoch(1), (old, one) -> new Epoch(old.value() + one.value()));
    }

    private JobRecord withDecision(JobRecord job) {
        Optional<Decision> last = reviews.keySet().stream()
                .filter(key -> key.job().equals(job.job()))
                .max(Comparator.comparingInt(AnnouncementKey::hop))
                .map(decisions::get);
        return new JobRecord(
                job.job(),
                job.dataset(),
                job.state(),
                job.requestJson(),
                job.requestDigest(),
                job.position(),
                job.hop(),
                job.attempts(),
                job.maxAttempts(),
                job.acceptedAt(),
                job.nextAttemptAt(),
                job.review(),
                last,
                job.endedAt(),
                job.receiptJson());
    }

    private JobRecord known(JobId job) {
        return job(job).orElseThrow();
    }

    private List<Attempt> chosen(Predicate<Attempt> choice) {
        return attempts.values().stream().filter(choice).toList();
    }

    private void keep(JobDraft draft) {
        jobs.put(draft.record.job(), draft.record());
    }

    private Attempt keep(AttemptDraft draft) {
        Attempt attempt = draft.attempt();
        attempts.put(attempt.operation(), attempt);
        return attempt;
    }

    private static void requireTerminal(Verdict.Over over) {
        require(over.state().isTerminal(), "not terminal: " + over.state());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /// A job while it changes.
    private static final class JobDraft {
        final JobRecord record;
        JobState state;
        int hop;
        int attempts;
        Optional<Instant> nextAttemptAt;
        Optional<Review> review;
        Optional<Instant> endedAt;
        Optional<String> receiptJson;

        JobDraft(JobRecord record) {
            this.record = record;
            this.state = record.state();
            this.hop = record.hop();
            this.attempts = record.attempts();
            this.nextAttemptAt = record.nextAttemptAt();
            this.review = record.review();
            this.endedAt = record.endedAt();
            this.receiptJson = record.receiptJson();
        }

        JobRecord record() {
            return new JobRecord(
                    record.job(),
                    record.dataset(),
                    state,
                    record.requestJson(),
                    record.requestDigest(),
                    record.position(),
                    hop,
                    attempts,
                    record.maxAttempts(),
                    record.acceptedAt(),
                    state == JobState.AWAITING_RETRY ? nextAttemptAt : Optional.empty(),
                    review,
                    Optional.empty(),
                    endedAt,
                    receiptJson);
        }
    }

    /// An attempt while it changes.
    private static final class AttemptDraft {
        final Attempt attempt;
        final List<Effect> effects;
        Epoch epoch;
        WorkerId owner;
        Phase phase;
        boolean counted;
        Optional<String> failureJson;
        Optional<Instant> endedAt;

        AttemptDraft(Attempt attempt) {
            this.attempt = attempt;
            this.effects = new ArrayList<>(attempt.effects());
            this.epoch = attempt.epoch();
            this.owner = attempt.owner();
            this.phase = attempt.phase();
            this.counted = attempt.counted();
            this.failureJson = attempt.failureJson();
            this.endedAt = attempt.endedAt();
        }

        void write(Entry entry) {
            boolean goingBack = phase == Phase.ROLLING_BACK;
            switch (entry) {
                case Entry.Planned planned -> {
                    require(!goingBack && planned.ordinal() == effects.size() + 1, "cannot plan " + planned);
                    effects.add(new Effect(
                            planned.ordinal(),
                            planned.stage(),
                            planned.planJson(),
                            Optional.empty(),
                            Optional.empty()));
                }
                case Entry.Done done -> {
                    Effect old = effect(done.ordinal());
                    require(!goingBack && old.outputJson().isEmpty(), "cannot be done " + done);
                    replace(new Effect(
                            old.ordinal(), old.stage(), old.planJson(), Optional.of(done.outputJson()), old.undone()));
                }
                case Entry.Armed armed -> step(Phase.ARMED);
                case Entry.Confirmed confirmed -> step(Phase.CONFIRMED);
                case Entry.RollBack rollBack -> {
                    step(Phase.ROLLING_BACK);
                    failureJson = Optional.of(rollBack.failureJson());
                }
                case Entry.Undone undone -> {
                    Effect old = effect(undone.ordinal());
                    boolean open = old.undone()
                            .map(last -> last.result() == Compensation.Result.FAILED)
                            .orElse(true);
                    require(goingBack && open, "cannot be undone " + undone);
                    replace(new Effect(
                            old.ordinal(),
                            old.stage(),
                            old.planJson(),
                            old.outputJson(),
                            Optional.of(undone.compensation())));
                }
            }
        }

        void step(Phase next) {
            require(phase.allows(next), phase + " to " + next);
            phase = next;
        }

        private Effect effect(int ordinal) {
            require(ordinal >= 1 && ordinal <= effects.size(), "no effect " + ordinal);
            return effects.get(ordinal - 1);
        }

        private void replace(Effect effect) {
            effects.set(effect.ordinal() - 1, effect);
        }

        Attempt attempt() {
            return new Attempt(
                    attempt.operation(),
                    attempt.job(),
                    attempt.dataset(),
                    attempt.number(),
                    attempt.hop(),
                    epoch,
                    owner,
                    phase,
                    counted,
                    failureJson,
                    effects,
                    attempt.startedAt(),
                    endedAt);
        }
    }
}
