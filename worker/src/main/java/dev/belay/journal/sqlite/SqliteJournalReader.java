package dev.belay.journal.sqlite;

import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.Attempt;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Quarantine;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A journal for commands that only list: never migrates, never writes, and reads journals that are newer than
/// this program. The answers are those of [dev.belay.journal.Journal].
public final class SqliteJournalReader implements AutoCloseable {
    private final SqliteDatabase database;
    private final String id;
    private final long version;

    /// @param version of its schema, which may be older or newer than this program's
    SqliteJournalReader(SqliteDatabase database, String id, long version) {
        this.database = database;
        this.id = id;
        this.version = version;
    }

    /// Opens the journal of a data folder.
    ///
    /// @return empty when there is none yet, or when whoever began to make it has not come to its end
    /// @throws Unavailable when the file cannot be read or is no journal
    public static Optional<SqliteJournalReader> open(Path dataFolder) {
        Path file = dataFolder.resolve(SqliteJournal.FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SqliteDatabase database = SqliteDatabase.openReadOnly(file);
        boolean opened = false;
        try {
            Optional<String> id = database.read(session -> journalId(session, file));
            opened = id.isPresent();
            long version = database.read(session -> number(session, "user_version"));
            return id.map(found -> new SqliteJournalReader(database, found, version));
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    private static Optional<String> journalId(Session session, Path file) throws SQLException {
        if (number(session, "user_version") == 0) {
            return Optional.empty();
        }
        long applicationId = number(session, "application_id");
        if (applicationId != JournalSchema.APPLICATION_ID) {
            throw new Unavailable(
                    new Failure.Corrupt(
                            FailureCode.STORE_CORRUPT, "%s is not a journal of Belay".formatted(file), Place.NONE),
                    new SQLException("application_id " + applicationId));
        }
        return new Lookup(session).journalId();
    }

    private static long number(Session session, String pragma) throws SQLException {
        return session.first("PRAGMA " + pragma, row -> row.number(pragma)).orElse(0L);
    }

    /// Identifies the journal for ever.
    public String id() {
        return id;
    }

    /// What is to be announced for a job's hop once it has ended.
    public Optional<Announcement> announcement(JobId job, int hop) {
        return database.read(session -> new Lookup(session, version).announcement(job, hop));
    }

    /// All attempts that have not ended, oldest first, with their effects.
    public List<Attempt> openAttempts() {
        return database.read(FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, version).openAttempts());
    }

    /// Those of [#openAttempts()] that `worker` may seize.
    public List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) {
        return database.read(
                FaultPoint.JOURNAL_SCAN, session -> new Lookup(session, version).orphanedAttempts(worker, staleBefore));
    }

    /// A job, if it is known.
    public Optional<JobRecord> job(JobId job) {
        return database.read(session -> new Lookup(session, version).job(job));
    }

    /// The newest jobs first, at most `limit`.
    ///
    /// @throws IllegalArgumentException when `limit` is negative
    public List<JobRecord> jobs(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        return database.read(session -> new Lookup(session, version).newestJobs(limit));
    }

    /// The newest jobs of a dataset, in a state, or both, newest first, at most `limit`.
    public List<JobRecord> jobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit) {
        return database.read(session -> new Lookup(session, version).newestJobs(dataset, state, limit));
    }

    /// Jobs whose ids begin like this, by id, at most `limit`.
    public List<JobRecord> jobsBeginningWith(String prefix, int limit) {
        return database.read(session -> new Lookup(session, version).jobsBeginningWith(prefix, limit));
    }

    /// What SQLite finds wrong with the file when it looks through it; empty when nothing is.
    public List<String> damage() {
        return database.damage();
    }

    /// Whether a newer program has written it: then workers of this one refuse it.
    public boolean isTooNew() {
        long version = database.read(session -> number(session, "user_version"));
        return version > JournalSchema.MIGRATIONS.steps().size();
    }

    /// Jobs whose reviews were to be decided by `now`, the oldest first, at most `limit`.
    public List<JobRecord> overdueReviews(Instant now, int limit) {
        return database.read(session -> new Lookup(session, version).overdueReviews(now, limit));
    }

    /// All attempts of a job, oldest first, with their effects.
    public List<Attempt> attempts(JobId job) {
        return database.read(session -> new Lookup(session, version).attempts(job));
    }

    /// Operations of ended attempts that have not exactly one audit row; of open ones that have any.
    public List<String> badlyAudited() {
        return database.read(session -> new Lookup(session, version).badlyAudited());
    }

    /// How many attempts were ever made.
    public long attemptCount() {
        return database.read(session -> new Lookup(session, version).attemptCount());
    }

    /// One attempt, if it is known.
    public Optional<Attempt> attempt(OperationId operation) {
        return database.read(session -> new Lookup(session, version).attempt(operation));
    }

    /// The attempts on a dataset that went forward to their end, oldest first, with their effects.
    public List<Attempt> succeeded(DatasetId dataset) {
        return database.read(session -> new Lookup(session, version).succeeded(dataset));
    }

    /// The highest claim on every dataset the journal knows.
    public Map<DatasetId, Epoch> epochs() {
        return database.read(session -> new Lookup(session, version).epochs());
    }

    /// Why a dataset is set aside, if it is.
    public Optional<Quarantine> quarantine(DatasetId dataset) {
        return database.read(session -> new Lookup(session, version).quarantine(dataset));
    }

    @Override
    public void close() {
        database.close();
    }
}
