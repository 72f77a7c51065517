package dev.belay.journal.sql;

import dev.belay.journal.Admission;
import dev.belay.journal.Announcement;
import dev.belay.journal.Decision;
import dev.belay.journal.Delivery;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Review;
import dev.belay.journal.Reviews;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What is to be done with a delivered message.
///
/// A message of hop n + 1 exists only because the announcement of hop n is out: both are in one Kafka
/// transaction. So where the journal knows less than Kafka (it was lost, replaced or put back from a copy),
/// Kafka is right about hops: an unknown job begins at the hop that was delivered, an unended one moves on to
/// it, and a lower hop that the journal never saw end counts as announced. A job that is over is never opened
/// again.
final class Admissions {
    private final Session session;
    private final Dialect dialect;
    private final Lookup lookup;

    Admissions(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
        this.lookup = new Lookup(session);
    }

    Admission admit(Delivery delivery, Instant now) throws SQLException {
        dialect.hold(session, delivery.dataset());
        var known = lookup.job(delivery.job());
        if (delivery.decision().isPresent()) {
            Optional<Admission> other = taken(delivery, delivery.decision().get(), known);
            if (other.isPresent()) {
                return other.get();
            }
            known = lookup.job(delivery.job());
        }
        if (known.isEmpty()) {
            if (inserted(delivery, now)) {
                return new Admission.Run(lookup.job(delivery.job()).orElseThrow());
            }
            // Nothing was there to be held, and another worker has been first.
            dialect.hold(session, delivery.dataset());
            known = lookup.job(delivery.job());
        }
        JobRecord job = known.orElseThrow();
        if (!job.requestDigest().equals(delivery.requestDigest())) {
            return new Admission.Conflict(job);
        }
        if (!job.position().equals(delivery.position())) {
            return new Admission.Duplicate(job);
        }
        if (delivery.hop() < job.hop()) {
            return new Admission.Ended(announcement(job, delivery.hop()));
        }
        if (job.state().isTerminal() || (delivery.hop() == job.hop() && job.state() != JobState.OPEN)) {
            return new Admission.Ended(announcement(job, job.hop()));
        }
        if (delivery.hop() > job.hop()) {
            session.updateOne("""
                    UPDATE job SET state = 'OPEN', hop = ?, next_attempt_at = NULL, review_until = NULL
                    WHERE job = ? AND hop = ? AND state IN ('OPEN', 'AWAITING_RETRY')
                    """, delivery.hop(), job.job(), job.hop());
            return new Admission.Run(lookup.job(job.job()).orElseThrow());
        }
        return new Admission.Run(job);
    }

    /// Takes note of a decision, if the job waits for it and it is the first one.
    ///
    /// @return why it decides nothing; empty when it is this very message that does
    private Optional<Admission> taken(Delivery delivery, Decision said, Optional<JobRecord> known) throws SQLException {
        Optional<String> unasked = Reviews.unasked(delivery, said, known);
        if (unasked.isPresent()) {
            return Optional.of(new Admission.Unasked(unasked.get()));
        }
        JobRecord job = known.orElseThrow();
        int asked = delivery.hop() - 1;
        Optional<Review> review = lookup.review(job.job(), asked);
        if (review.isEmpty() || !review.get().digest().equals(said.of())) {
            return Optional.of(new Admission.Unasked(Reviews.ofNothing(job, said)));
        }
        Optional<Decision> before = lookup.decision(job.job(), asked);
        if (before.isPresent()) {
            return before.get().place().equals(said.place())
                    ? Optional.empty()
                    : Optional.of(Reviews.late(job, said, before.get()));
        }
        session.updateOne(
                """
                UPDATE review SET word = ?, decided_by = ?, note = ?, decision_topic_id = ?, decision_partition = ?,
                    decision_offset = ?
                WHERE job = ? AND hop = ? AND word IS NULL
                """,
                said.word().name(),
                said.by(),
                said.note(),
                said.place().topicId(),
                said.place().partition(),
                said.place().offset(),
                job.job(),
                asked);
        return Optional.empty();
    }

    /// @return whether nobody else has meanwhile
    private boolean inserted(Delivery delivery, Instant now) throws SQLException {
        session.update(
                "INSERT INTO dataset (dataset, epoch) VALUES (?, 0) ON CONFLICT (dataset) DO NOTHING",
                delivery.dataset());
        return session.update(
                        """
                INSERT INTO job (job, dataset, state, request_json, request_digest, source_topic_id, source_partition,
                    source_offset, hop, attempts, max_attempts, accepted_at)
                VALUES (?, ?, 'OPEN', ?, ?, ?, ?, ?, ?, 0, ?, ?)
                ON CONFLICT (job) DO NOTHING
                """,
                        delivery.job(),
                        delivery.dataset(),
                        delivery.requestJson(),
                        delivery.requestDigest(),
                        delivery.position().topicId(),
                        delivery.position().partition(),
                        delivery.position().offset(),
                        delivery.hop(),
                        delivery.maxAttempts(),
                        InstantText.of(now))
                == 1;
    }

    /// What the journal does not hold (never seen, or pruned) is out.
    private Announcement announcement(JobRecord job, int hop) throws SQLException {
        return lookup.announcement(job.job(), hop).orElseGet(() -> Announcement.out(job, hop));
    }
}
