package dev.belay.journal.sql;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Fenced;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Phase;
import dev.belay.journal.Quarantine;
import dev.belay.journal.Seized;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Who may decide about a dataset: the only place where epochs are raised and compared.
final class Claims {
    private final Session session;
    private final Dialect dialect;
    private final Lookup lookup;

    Claims(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
        this.lookup = new Lookup(session);
    }

    /// What a claim that still holds is about.
    ///
    /// @param counted whether the attempt counts so far
    record Held(Phase phase, boolean counted) {}

    /// Compares the claim's epoch with the dataset's, and holds the dataset until the transaction ends.
    ///
    /// @throws Fenced                when someone has claimed since
    /// @throws IllegalStateException when the attempt is not open under this claim, though nobody has claimed
    /// since
    Held held(Claim claim) throws SQLException {
        Epoch current = lookup.heldEpoch(claim.dataset(), dialect);
        if (!current.equals(claim.epoch())) {
            throw new Fenced(claim.dataset(), claim.epoch(), current);
        }
        Held held = session.first(
                        """
                        SELECT phase, counted FROM attempt
                        WHERE operation = ? AND job = ? AND dataset = ? AND epoch = ?
                        """,
                        row -> new Held(Phase.valueOf(row.text("phase")), row.number("counted") == 1),
                        claim.operation(),
                        claim.job(),
                        claim.dataset(),
                        claim.epoch().value())
                .orElseThrow(() -> new IllegalStateException("there is no such claim: " + claim));
        if (held.phase() == Phase.ENDED) {
            throw new IllegalStateException("attempt %s has ended before".formatted(claim.operation()));
        }
        return held;
    }

    ClaimResult claim(JobId id, OperationId operation, WorkerId owner, Instant now, Instant staleBefore)
            throws SQLException {
        dialect.holdDatasetOf(session, id);
        JobRecord job = lookup.job(id)
                .filter(known -> known.state() == JobState.OPEN)
                .orElseThrow(() -> new IllegalStateException("job %s is not open".formatted(id)));
        Optional<Quarantine> quarantine = lookup.quarantine(job.dataset());
        if (quarantine.isPresent()) {
            return new ClaimResult.SetAside(quarantine.get());
        }
        Optional<Attempt> open = lookup.openAttempt(job.dataset());
        if (open.isPresent()) {
            return mayResolve(open.get(), id, owner, staleBefore)
                    ? new ClaimResult.Open(open.get())
                    : new ClaimResult.Busy(open.get());
        }
        boolean counted = job.attempts() < job.maxAttempts();
        var claim = new Claim(id, job.dataset(), operation, raisedEpoch(job.dataset()));
        insert(claim, job, counted, owner, now);
        if (!counted) {
            return new ClaimResult.Exhausted(claim);
        }
        session.updateOne("UPDATE job SET attempts = attempts + 1 WHERE job = ? AND state = 'OPEN'", id);
        return new ClaimResult.Claimed(claim, job.attempts() + 1);
    }

    Optional<Seized> seize(OperationId operation, WorkerId owner, Instant now) throws SQLException {
        dialect.holdDatasetOf(session, operation);
        Optional<Attempt> open = lookup.attempt(operation).filter(attempt -> attempt.phase() != Phase.ENDED);
        if (open.isEmpty()) {
            return Optional.empty();
        }
        Attempt attempt = open.get();
        var claim = new Claim(attempt.job(), attempt.dataset(), operation, raisedEpoch(attempt.dataset()));
        session.updateOne(
                """
                UPDATE attempt SET epoch = ?, owner_slot = ?, owner_incarnation = ?, owned_since = ?
                WHERE operation = ? AND ended_at IS NULL
                """, claim.epoch().value(), owner.slot(), owner.incarnation(), InstantText.of(now), operation);
        return Optional.of(new Seized(
                claim,
                lookup.attempt(operation).orElseThrow(),
                lookup.job(attempt.job()).orElseThrow()));
    }

    private boolean mayResolve(Attempt open, JobId job, WorkerId worker, Instant staleBefore) throws SQLException {
        return open.job().equals(job)
                || open.owner().slot().equals(worker.slot())
                || lookup.isDead(open.owner(), staleBefore);
    }

    private Epoch raisedEpoch(DatasetId dataset) throws SQLException {
        session.updateOne("UPDATE dataset SET epoch = epoch + 1 WHERE dataset = ?", dataset);
        return lookup.epoch(dataset);
    }

    private void insert(Claim claim, JobRecord job, boolean counted, WorkerId owner, Instant now) throws SQLException {
        session.updateOne(
                """
                INSERT INTO attempt (operation, job, dataset, number, hop, epoch, owner_slot, owner_incarnation,
                    owned_since, phase, counted, started_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'CLAIMED', ?, ?)
                """,
                claim.operation(),
                claim.job(),
                claim.dataset(),
                job.attempts() + 1,
                job.hop(),
                claim.epoch().value(),
                owner.slot(),
                owner.incarnation(),
                InstantText.of(now),
                counted,
                InstantText.of(now));
    }
}
