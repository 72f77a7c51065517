package dev.belay.journal.sql;

import dev.belay.job.JobId;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Claim;
import dev.belay.journal.Ending;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Phase;
import dev.belay.journal.Review;
import dev.belay.journal.Verdict;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How attempts and jobs end, and what is announced then.
final class Endings {
    private final Session session;
    private final Dialect dialect;
    private final Lookup lookup;

    Endings(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
        this.lookup = new Lookup(session);
    }

    /// A job that was refused while its attempt stood set aside keeps its end and its announcement: only the
    /// attempt ends then, or it would hold its dataset for ever.
    void end(Claim claim, Ending ending, Instant now) throws SQLException {
        Claims.Held held = new Claims(session, dialect).held(claim);
        requireLegal(claim, held.phase(), ending.verdict());
        session.updateOne(
                """
                UPDATE attempt SET phase = 'ENDED', counted = ?, ended_at = ?
                WHERE operation = ? AND phase = ? AND ended_at IS NULL
                """,
                held.counted() && ending.counted(),
                InstantText.of(now),
                claim.operation(),
                held.phase().name());
        session.updateOne(
                "INSERT INTO audit (operation, kind, at) VALUES (?, ?, ?)",
                claim.operation(),
                ending.audit(),
                InstantText.of(now));
        JobRecord job = lookup.job(claim.job()).orElseThrow();
        if (job.state().isTerminal()) {
            return;
        }
        if (held.counted() && !ending.counted()) {
            session.updateOne("UPDATE job SET attempts = attempts - 1 WHERE job = ? AND state = 'OPEN'", job.job());
        }
        append(job, ending.events());
        decide(job, ending.verdict(), now);
    }

    void refuse(JobId id, int hop, Verdict.Over verdict, List<OutgoingEvent> events, Instant now) throws SQLException {
        requireTerminal(verdict);
        dialect.holdDatasetOf(session, id);
        Optional<JobRecord> job = lookup.job(id).filter(known -> known.state() == JobState.OPEN && known.hop() == hop);
        if (job.isPresent()) {
            append(job.get(), events);
            decide(job.get(), verdict, now);
        }
    }

    void announced(List<AnnouncementKey> keys) throws SQLException {
        for (AnnouncementKey key : keys) {
            session.update("UPDATE announcement SET announced = 1 WHERE job = ? AND hop = ?", key.job(), key.hop());
        }
    }

    private static void requireLegal(Claim claim, Phase phase, Verdict verdict) {
        if (!phase.allows(Phase.ENDED)) {
            throw new IllegalStateException(
                    "attempt %s cannot go from %s to ENDED".formatted(claim.operation(), phase));
        }
        if (verdict instanceof Verdict.Over over) {
            requireTerminal(over);
            if (phase == Phase.ROLLING_BACK && over.state() == JobState.COMPLETED) {
                throw new IllegalStateException(
                        "attempt %s is ROLLING_BACK, its job cannot be COMPLETED".formatted(claim.operation()));
            }
        }
    }

    private static void requireTerminal(Verdict.Over verdict) {
        if (!verdict.state().isTerminal()) {
            throw new IllegalStateException("a job cannot be over as " + verdict.state());
        }
    }

    private void append(JobRecord job, List<OutgoingEvent> events) throws SQLException {
        for (OutgoingEvent event : events) {
            session.updateOne("""
                    INSERT INTO outbox (job, hop, seq, event_id, type, json)
                    SELECT ?, ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM outbox WHERE job = ? AND hop = ?
                    """, job.job(), job.hop(), event.id(), event.type(), event.json(), job.job(), job.hop());
        }
    }

    private void decide(JobRecord job, Verdict verdict, Instant now) throws SQLException {
        switch (verdict) {
            case Verdict.Again again -> {
                // The job stays open at this hop: there is nothing to announce yet.
            }
            case Verdict.Retry retry -> {
                session.updateOne("""
                        UPDATE job SET state = 'AWAITING_RETRY', next_attempt_at = ?
                        WHERE job = ? AND hop = ? AND state = 'OPEN'
                        """, InstantText.of(retry.dueAt()), job.job(), job.hop());
                announce(job, "RETRY", Optional.of(retry.dueAt()));
            }
            case Verdict.Ask(Review review) -> {
                String until = InstantText.of(review.until());
                session.updateOne("""
                        UPDATE job SET state = 'AWAITING_RETRY', next_attempt_at = ?, review_until = ?, review_hop = hop
                        WHERE job = ? AND hop = ? AND state = 'OPEN'
                        """, until, until, job.job(), job.hop());
                session.updateOne(
                        "INSERT INTO review (job, hop, digest, operation, until, reasons) VALUES (?, ?, ?, ?, ?, ?)",
                        job.job(),
                        job.hop(),
                        review.digest().hex(),
                        review.operation(),
                        until,
                        String.join("\n", review.reasons()));
                announce(job, "RETRY", Optional.of(review.until()));
            }
            case Verdict.Over over -> {
                session.updateOne(
                        """
                        UPDATE job SET state = ?, receipt_json = ?, ended_at = ?
                        WHERE job = ? AND hop = ? AND state = 'OPEN'
                        """, over.state().name(), over.receiptJson(), InstantText.of(now), job.job(), job.hop());
                announce(job, "OVER", Optional.empty());
            }
        }
    }

    private void announce(JobRecord job, String verdict, Optional<Instant> dueAt) throws SQLException {
        session.updateOne(
                "INSERT INTO announcement (job, hop, verdict, due_at, announced) VALUES (?, ?, ?, ?, 0)",
                job.job(),
                job.hop(),
                verdict,
                dueAt.map(InstantText::of));
    }
}
