package dev.belay.journal.sql;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Attempt;
import dev.belay.journal.Compensation;
import dev.belay.journal.Decision;
import dev.belay.journal.Effect;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Phase;
import dev.belay.journal.Quarantine;
import dev.belay.journal.Review;
import dev.belay.journal.Verdict;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stands in the journal, as one transaction sees it. Changes nothing.
final class Lookup {
    /// A job with what a person was asked last. Nothing is joined for jobs that nobody was asked about.
    static final String JOBS = """
            (SELECT j.*, r.digest AS review_digest, r.operation AS review_operation, r.until AS review_deadline,
                r.reasons, r.word, r.decided_by, r.note, r.decision_topic_id, r.decision_partition, r.decision_offset
             FROM job j LEFT JOIN review r ON r.job = j.job AND r.hop = j.review_hop) AS known""";

    private static final String JOBS_WITHOUT_REVIEWS =
            "(SELECT job.*, NULL AS review_until, NULL AS review_hop, NULL AS review_digest FROM job) AS known";

    private final Session session;
    private final String jobs;

    Lookup(Session session) {
        this(session, SchemaAge.CURRENT);
    }

    Lookup(Session session, SchemaAge age) {
        this.session = session;
        this.jobs = age == SchemaAge.BEFORE_REVIEWS ? JOBS_WITHOUT_REVIEWS : JOBS;
    }

    /// Empty until the journal was opened for writing once.
    Optional<String> journalId() throws SQLException {
        return session.first("SELECT value FROM meta WHERE name = 'journal_id'", row -> row.text("value"));
    }

    /// Empty until a datastore was named.
    Optional<String> datastoreId() throws SQLException {
        return session.first("SELECT value FROM meta WHERE name = 'datastore_id'", row -> row.text("value"));
    }

    /// The primary key already rules out two rows of one kind.
    List<String> badlyAudited() throws SQLException {
        return session.list("""
                SELECT operation FROM attempt
                WHERE (SELECT count(*) FROM audit WHERE audit.operation = attempt.operation) <> CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END
                """, row -> row.text("operation"));
    }

    long attemptCount() throws SQLException {
        return session.first("SELECT count(*) AS attempts FROM attempt", row -> row.number("attempts"))
                .orElseThrow();
    }

    Optional<JobRecord> job(JobId job) throws SQLException {
        return session.first("SELECT * FROM " + jobs + " WHERE job = ?", Lookup::job, job);
    }

    List<JobRecord> newestJobs(int limit) throws SQLException {
        return session.list("SELECT * FROM " + jobs + " ORDER BY seq DESC LIMIT ?", Lookup::job, limit);
    }

    List<JobRecord> newestJobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit) throws SQLException {
        return session.list("""
                SELECT * FROM %s
                WHERE (CAST(? AS TEXT) IS NULL OR dataset = ?)
                  AND (CAST(? AS TEXT) IS NULL
                    OR CASE WHEN review_until IS NULL THEN state ELSE 'AWAITING_REVIEW' END = ?)
                ORDER BY seq DESC LIMIT ?
                """.formatted(jobs), Lookup::job, dataset, dataset, state, state, limit);
    }

    /// The upper end is a character that sorts behind all that an id may have.
    List<JobRecord> jobsBeginningWith(String prefix, int limit) throws SQLException {
        return session.list(
                "SELECT * FROM " + jobs + " WHERE job >= ? AND job < ? ORDER BY job LIMIT ?",
                Lookup::job,
                prefix,
                prefix + "~",
                limit);
    }

    /// Walks the waiting ones alone.
    List<JobRecord> overdueReviews(Instant now, int limit) throws SQLException {
        return session.list(
                "SELECT * FROM " + jobs + " WHERE review_until <= ? ORDER BY review_until LIMIT ?",
                Lookup::job,
                InstantText.of(now),
                limit);
    }

    /// What a person was asked when a hop ended, if it ended so.
    Optional<Review> review(JobId job, int hop) throws SQLException {
        return session.first("""
                SELECT digest AS review_digest, operation AS review_operation, until AS review_deadline, reasons
                FROM review WHERE job = ? AND hop = ?
                """, Lookup::reviewOf, job, hop);
    }

    /// The word that ended the wait of a hop, if it is there.
    Optional<Decision> decision(JobId job, int hop) throws SQLException {
        return session.first("""
                        SELECT digest AS review_digest, word, decided_by, note, decision_topic_id, decision_partition,
                            decision_offset
                        FROM review WHERE job = ? AND hop = ?
                        """, row -> Optional.ofNullable(decisionOf(row)), job, hop)
                .flatMap(found -> found);
    }

    /// 0 for a dataset that nobody has claimed.
    Epoch epoch(DatasetId dataset) throws SQLException {
        return epoch(dataset, "");
    }

    /// The same, and the dataset is held until the transaction ends.
    Epoch heldEpoch(DatasetId dataset, Dialect dialect) throws SQLException {
        return epoch(dataset, dialect.locking());
    }

    private Epoch epoch(DatasetId dataset, String locking) throws SQLException {
        return new Epoch(session.first(
                        "SELECT epoch FROM dataset WHERE dataset = ?" + locking, row -> row.number("epoch"), dataset)
                .orElse(0L));
    }

    Optional<Quarantine> quarantine(DatasetId dataset) throws SQLException {
        return session.first(
                """
                SELECT dataset, set_aside_by, set_aside_reason, set_aside_at
                FROM dataset
                WHERE dataset = ? AND set_aside_by IS NOT NULL
                """,
                row -> new Quarantine(
                        dataset,
                        new OperationId(row.text("set_aside_by")),
                        row.text("set_aside_reason"),
                        InstantText.read(row.text("set_aside_at"))),
                dataset);
    }

    List<WorkerId> heardSince(Instant then) throws SQLException {
        return session.list(
                "SELECT slot, incarnation FROM worker WHERE heard_at >= ? ORDER BY slot, incarnation",
                row -> new WorkerId(row.text("slot"), row.text("incarnation")),
                InstantText.of(then));
    }

    /// Whether nothing was heard of this life of a worker since `staleBefore`, or ever.
    boolean isDead(WorkerId worker, Instant staleBefore) throws SQLException {
        return session.first(
                        "SELECT heard_at FROM worker WHERE slot = ? AND incarnation = ?",
                        row -> InstantText.read(row.text("heard_at")),
                        worker.slot(),
                        worker.incarnation())
                .map(heardAt -> heardAt.isBefore(staleBefore))
                .orElse(true);
    }

    Optional<Attempt> attempt(OperationId operation) throws SQLException {
        return session.first("SELECT * FROM attempt WHERE operation = ?", this::attempt, operation);
    }

    /// There is at most one: an index holds it.
    Optional<Attempt> openAttempt(DatasetId dataset) throws SQLException {
        return session.first("SELECT * FROM attempt WHERE dataset = ? AND ended_at IS NULL", this::attempt, dataset);
    }

    /// Without the plus SQLite walks all of history here in order to save the sort.
    List<Attempt> openAttempts() throws SQLException {
        return session.list("SELECT * FROM attempt WHERE ended_at IS NULL ORDER BY +seq", this::attempt);
    }

    /// One statement however many workers there are: each of them asks this now and then, and most of what is open
    /// is of one that lives.
    List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) throws SQLException {
        return session.list(
                """
                SELECT * FROM attempt
                WHERE ended_at IS NULL
                  AND (owner_slot <> ? OR owner_incarnation <> ?)
                  AND (owner_slot = ? OR NOT EXISTS (
                    SELECT 1 FROM worker
                    WHERE worker.slot = attempt.owner_slot
                      AND worker.incarnation = attempt.owner_incarnation
                      AND worker.heard_at >= ?))
                ORDER BY +seq
                """, this::attempt, worker.slot(), worker.incarnation(), worker.slot(), InstantText.of(staleBefore));
    }

    List<Attempt> attempts(JobId job) throws SQLException {
        return session.list("SELECT * FROM attempt WHERE job = ? ORDER BY seq", this::attempt, job);
    }

    /// What went forward to its end on a dataset, oldest first. Looks at every attempt there ever was: for
    /// repairs.
    List<Attempt> succeeded(DatasetId dataset) throws SQLException {
        return session.list("""
                SELECT * FROM attempt WHERE dataset = ? AND ended_at IS NOT NULL AND failure_json IS NULL ORDER BY seq
                """, this::attempt, dataset);
    }

    List<Attempt> lastPublications() throws SQLException {
        return session.list("""
                SELECT * FROM attempt WHERE seq IN (
                    SELECT max(published.seq) FROM attempt AS published
                    JOIN effect ON effect.operation = published.operation AND effect.stage = 'publish'
                    WHERE published.ended_at IS NOT NULL AND published.failure_json IS NULL
                    GROUP BY published.dataset)
                ORDER BY seq
                """, this::attempt);
    }

    Map<DatasetId, Epoch> epochs() throws SQLException {
        var epochs = new LinkedHashMap<DatasetId, Epoch>();
        session.list(
                "SELECT dataset, epoch FROM dataset ORDER BY dataset",
                row -> epochs.put(new DatasetId(row.text("dataset")), new Epoch(row.number("epoch"))));
        return epochs;
    }

    Optional<Announcement> announcement(JobId job, int hop) throws SQLException {
        return session.first(
                """
                SELECT n.verdict, n.due_at, n.announced, j.dataset, j.state, j.receipt_json
                FROM announcement n JOIN job j ON j.job = n.job
                WHERE n.job = ? AND n.hop = ?
                """,
                row -> new Announcement(
                        new AnnouncementKey(job, hop),
                        new DatasetId(row.text("dataset")),
                        verdict(row, job, hop),
                        events(job, hop),
                        row.number("announced") == 1),
                job,
                hop);
    }

    private List<OutgoingEvent> events(JobId job, int hop) throws SQLException {
        return session.list(
                "SELECT event_id, type, json FROM outbox WHERE job = ? AND hop = ? ORDER BY seq",
                row -> new OutgoingEvent(row.text("event_id"), row.text("type"), row.text("json")),
                job,
                hop);
    }

    private List<Effect> effects(OperationId operation) throws SQLException {
        return session.list(
                "SELECT * FROM effect WHERE operation = ? ORDER BY ordinal",
                row -> new Effect(
                        (int) row.number("ordinal"),
                        row.text("stage"),
                        row.text("plan_json"),
                        row.optionalText("output_json"),
                        compensation(row)),
                operation);
    }

    private Attempt attempt(Row row) throws SQLException {
        var operation = new OperationId(row.text("operation"));
        return new Attempt(
                operation,
                new JobId(row.text("job")),
                new DatasetId(row.text("dataset")),
                (int) row.number("number"),
                (int) row.number("hop"),
                new Epoch(row.number("epoch")),
                new WorkerId(row.text("owner_slot"), row.text("owner_incarnation")),
                Phase.valueOf(row.text("phase")),
                row.number("counted") == 1,
                row.optionalText("failure_json"),
                effects(operation),
                InstantText.read(row.text("started_at")),
                row.optionalText("ended_at").map(InstantText::read));
    }

    static JobRecord job(Row row) throws SQLException {
        boolean asked = row.optionalText("review_until").isPresent();
        Optional<String> next = asked ? Optional.empty() : row.optionalText("next_attempt_at");
        boolean ever = row.optionalText("review_digest").isPresent();
        return new JobRecord(
                new JobId(row.text("job")),
                new DatasetId(row.text("dataset")),
                asked ? JobState.AWAITING_REVIEW : JobState.valueOf(row.text("state")),
                row.text("request_json"),
                new Sha256(row.text("request_digest")),
                new SourcePosition(
                        row.text("source_topic_id"), (int) row.number("source_partition"), row.number("source_offset")),
                (int) row.number("hop"),
                (int) row.number("attempts"),
                (int) row.number("max_attempts"),
                InstantText.read(row.text("accepted_at")),
                next.map(InstantText::read),
                ever ? Optional.of(reviewOf(row)) : Optional.empty(),
                ever ? Optional.ofNullable(decisionOf(row)) : Optional.empty(),
                row.optionalText("ended_at").map(InstantText::read),
                row.optionalText("receipt_json"));
    }

    private static Review reviewOf(Row row) throws SQLException {
        return new Review(
                new Sha256(row.text("review_digest")),
                new OperationId(row.text("review_operation")),
                InstantText.read(row.text("review_deadline")),
                List.of(row.text("reasons").split("\n")));
    }

    private static @Nullable Decision decisionOf(Row row) throws SQLException {
        Optional<String> word = row.optionalText("word");
        return word.isEmpty()
                ? null
                : new Decision(
                        Decision.Word.valueOf(word.get()),
                        new Sha256(row.text("review_digest")),
                        row.text("decided_by"),
                        row.optionalText("note"),
                        new SourcePosition(
                                row.text("decision_topic_id"),
                                (int) row.number("decision_partition"),
                                row.number("decision_offset")));
    }

    private static Optional<Compensation> compensation(Row row) throws SQLException {
        Optional<String> result = row.optionalText("undone_result");
        return result.isEmpty()
                ? Optional.empty()
                : Optional.of(new Compensation(Compensation.Result.valueOf(result.get()), row.text("undone_detail")));
    }

    private Verdict verdict(Row row, JobId job, int hop) throws SQLException {
        if (row.text("verdict").equals("OVER")) {
            return new Verdict.Over(JobState.valueOf(row.text("state")), row.text("receipt_json"));
        }
        Optional<Review> review = jobs.equals(JOBS) ? review(job, hop) : Optional.empty();
        return review.isPresent()
                ? new Verdict.Ask(review.get())
                : new Verdict.Retry(InstantText.read(row.text("due_at")));
    }
}
