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
import dev.belay.journal.JournalReader;
import dev.belay.journal.Quarantine;
import dev.belay.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A journal in tables, for those that only look.
public class SqlJournalReader implements JournalReader {
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

    @Override
    public String id() {
        return id;
    }

    @Override
    public Optional<String> datastore() {
        return database.read(session -> new Lookup(session, age).datastoreId());
    }

    @Override
    public Optional<Announcement> announcement(JobId job, int hop) {
        return database.read(session -> new Lookup(session, age).announcement(job, hop));
    }

    @Override
    public List<Attempt> openAttempts() {
        return database.read(FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, age).openAttempts());
    }

    /// Those of [#openAttempts()] that `worker` may seize.
    public List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) {
        return database.read(
                FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, age).orphanedAttempts(worker, staleBefore));
    }

    @Override
    public Optional<JobRecord> job(JobId job) {
        return database.read(session -> new Lookup(session, age).job(job));
    }

    @Override
    public List<JobRecord> jobs(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        return database.read(session -> new Lookup(session, age).newestJobs(limit));
    }

    @Override
    public List<JobRecord> jobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit) {
        return database.read(session -> new Lookup(session, age).newestJobs(dataset, state, limit));
    }

    @Override
    public List<JobRecord> jobsBeginningWith(String prefix, int limit) {
        return database.read(session -> new Lookup(session, age).jobsBeginningWith(prefix, limit));
    }

    /// Jobs whose reviews were to be decided by `now`, the oldest first, at most `limit`.
    public List<JobRecord> overdueReviews(Instant now, int limit) {
        return database.read(session -> new Lookup(session, age).overdueReviews(now, limit));
    }

    @Override
    public List<Attempt> attempts(JobId job) {
        return database.read(session -> new Lookup(session, age).attempts(job));
    }

    @Override
    public List<String> badlyAudited() {
        return database.read(session -> new Lookup(session, age).badlyAudited());
    }

    @Override
    public long attemptCount() {
        return database.read(session -> new Lookup(session, age).attemptCount());
    }

    @Override
    public Optional<Attempt> attempt(OperationId operation) {
        return database.read(session -> new Lookup(session, age).attempt(operation));
    }

    @Override
    public List<Attempt> succeeded(DatasetId dataset) {
        return database.read(session -> new Lookup(session, age).succeeded(dataset));
    }

    @Override
    public List<Attempt> lastPublications() {
        return database.read(session -> new Lookup(session, age).lastPublications());
    }

    @Override
    public Map<DatasetId, Epoch> epochs() {
        return database.read(session -> new Lookup(session, age).epochs());
    }

    @Override
    public Optional<Quarantine> quarantine(DatasetId dataset) {
        return database.read(session -> new Lookup(session, age).quarantine(dataset));
    }

    @Override
    public List<WorkerId> heardSince(Instant then) {
        return database.read(session -> new Lookup(session, age).heardSince(then));
    }

    /// Nothing: what is open for work has shown no damage yet.
    @Override
    public List<String> damage() {
        return List.of();
    }

    /// Never, once it was opened for work.
    @Override
    public boolean isTooNew() {
        return false;
    }

    @Override
    public void close() {
        database.close();
    }
}
