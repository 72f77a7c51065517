package dev.belay.journal.sql;

import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.Attempt;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Quarantine;
import dev.belay.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A journal for commands that only list: never writes, and reads journals that are newer than this program.
/// The answers are those of [dev.belay.journal.Journal].
public class SqlJournalReader implements AutoCloseable {
    private final Database database;
    private final String id;
    private final SchemaAge age;

    /// @param database is closed with the reader
    public SqlJournalReader(Database database, String id, SchemaAge age) {
        this.database = database;
        this.id = id;
        this.age = age;
    }

    /// Identifies the journal of a database for ever; empty until it was opened for writing once.
    public static Optional<String> journalId(Database database) {
        return database.read(session -> new Lookup(session).journalId());
    }

    /// Identifies the journal for ever.
    public String id() {
        return id;
    }

    /// What is to be announced for a job's hop once it has ended.
    public Optional<Announcement> announcement(JobId job, int hop) {
        return database.read(session -> new Lookup(session, age).announcement(job, hop));
    }

    /// All attempts that have not ended, oldest first, with their effects.
    public List<Attempt> openAttempts() {
        return database.read(FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, age).openAttempts());
    }

    /// Those of [#openAttempts()] that `worker` may seize.
    public List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) {
        return database.read(
                FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, age).orphanedAttempts(worker, staleBefore));
    }

    /// A job, if it is known.
    public Optional<JobRecord> job(JobId job) {
        return database.read(session -> new Lookup(session, age).job(job));
    }

    /// The newest jobs first, at most `limit`.
    ///
    /// @throws IllegalArgumentException when `limit` is negative
    public List<JobRecord> jobs(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        return database.read(session -> new Lookup(session, age).newestJobs(limit));
    }

    /// The newest jobs of a dataset, in a state, or both, newest first, at most `limit`.
    public List<JobRecord> jobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit) {
        return database.read(session -> new Lookup(session, age).newestJobs(dataset, state, limit));
    }

    /// Jobs whose ids begin like this, by id, at most `limit`.
    public List<JobRecord> jobsBeginningWith(String prefix, int limit) {
        return database.read(session -> new Lookup(session, age).jobsBeginningWith(prefix, limit));
    }

    /// Jobs whose reviews were to be decided by `now`, the oldest first, at most `limit`.
    public List<JobRecord> overdueReviews(Instant now, int limit) {
        return database.read(session -> new Lookup(session, age).overdueReviews(now, limit));
    }

    /// All attempts of a job, oldest first, with their effects.
    public List<Attempt> attempts(JobId job) {
        return database.read(session -> new Lookup(session, age).attempts(job));
    }

    /// Operations of ended attempts that have not exactly one audit row; of open ones that have any.
    public List<String> badlyAudited() {
        return database.read(session -> new Lookup(session, age).badlyAudited());
    }

    /// How many attempts were ever made.
    public long attemptCount() {
        return database.read(session -> new Lookup(session, age).attemptCount());
    }

    /// One attempt, if it is known.
    public Optional<Attempt> attempt(OperationId operation) {
        return database.read(session -> new Lookup(session, age).attempt(operation));
    }

    /// The attempts on a dataset that went forward to their end, oldest first, with their effects.
    public List<Attempt> succeeded(DatasetId dataset) {
        return database.read(session -> new Lookup(session, age).succeeded(dataset));
    }

    /// The highest claim on every dataset the journal knows.
    public Map<DatasetId, Epoch> epochs() {
        return database.read(session -> new Lookup(session, age).epochs());
    }

    /// Why a dataset is set aside, if it is.
    public Optional<Quarantine> quarantine(DatasetId dataset) {
        return database.read(session -> new Lookup(session, age).quarantine(dataset));
    }

    @Override
    public void close() {
        database.close();
    }
}
