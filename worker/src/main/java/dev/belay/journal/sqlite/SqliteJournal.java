package dev.belay.journal.sqlite;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Admission;
import dev.belay.journal.Announcement;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Attempt;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.Delivery;
import dev.belay.journal.Ending;
import dev.belay.journal.Entry;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Journal;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Pruned;
import dev.belay.journal.Quarantine;
import dev.belay.journal.Retention;
import dev.belay.journal.Seized;
import dev.belay.journal.Verdict;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The journal in `journal.db` of the data folder, for all workers of one host.
///
/// WAL with `synchronous=FULL`: what a method decided survives a power cut once it has returned. A method that
/// was killed half-way, or that throws, has decided nothing.
public final class SqliteJournal implements Journal {
    static final String FILE_NAME = "journal.db";

    private final SqliteDatabase database;
    private final SqliteJournalReader reader;

    private SqliteJournal(SqliteDatabase database, String id) {
        this.database = database;
        this.reader = new SqliteJournalReader(database, id, JournalSchema.WITH_REVIEWS);
    }

    /// Opens the journal of a data folder, making folder and journal if they are missing, and brings its schema
    /// up to date.
    ///
    /// Killed half-way it leaves a journal that the next call completes. Of several processes that open at once
    /// one makes it, and all get the same id.
    ///
    /// @param ids mints the id of a new journal
    /// @throws Unavailable when it cannot be opened, is damaged, or is newer than this program
    public static SqliteJournal open(Path dataFolder, IdSource ids) {
        Path file = dataFolder.resolve(FILE_NAME);
        try {
            DurableFiles.createFolders(dataFolder);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        }
        SqliteDatabase database = SqliteDatabase.open(file, JournalSchema.MIGRATIONS);
        boolean opened = false;
        try {
            String id = journalId(database, ids);
            DurableFiles.fsyncFolder(dataFolder);
            opened = true;
            return new SqliteJournal(database, id);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    private static String journalId(SqliteDatabase database, IdSource ids) {
        Optional<String> known = database.read(session -> new Lookup(session).journalId());
        return known.orElseGet(() -> database.write(FaultPoint.JOURNAL_NAME, session -> {
            session.update(
                    "INSERT INTO meta (name, value) VALUES ('journal_id', ?) ON CONFLICT (name) DO NOTHING",
                    ids.next());
            return new Lookup(session).journalId().orElseThrow();
        }));
    }

    /// For tests that look at the file itself.
    SqliteDatabase database() {
        return database;
    }

    @Override
    public String id() {
        return reader.id();
    }

    @Override
    public void beat(WorkerId worker, Instant now) {
        write(FaultPoint.JOURNAL_BEAT, session -> beat(session, worker, now));
    }

    static void beat(Session session, WorkerId worker, Instant now) throws SQLException {
        session.updateOne("""
                INSERT INTO worker (slot, incarnation, heard_at) VALUES (?, ?, ?)
                ON CONFLICT (slot, incarnation) DO UPDATE SET heard_at = excluded.heard_at
                """, worker.slot(), worker.incarnation(), InstantText.of(now));
    }

    @Override
    public Admission admit(Delivery delivery, Instant now) {
        return database.write(FaultPoint.JOURNAL_ADMIT, session -> new Admissions(session).admit(delivery, now));
    }

    @Override
    public ClaimResult claim(JobId job, OperationId operation, WorkerId owner, Instant now, Instant staleBefore) {
        return database.write(
                FaultPoint.JOURNAL_CLAIM,
                session -> new Claims(session).claim(job, operation, owner, now, staleBefore));
    }

    @Override
    public Optional<Seized> seize(OperationId operation, WorkerId owner, Instant now) {
        return database.write(FaultPoint.JOURNAL_SEIZE, session -> new Claims(session).seize(operation, owner, now));
    }

    @Override
    public void record(Claim claim, List<Entry> entries) {
        write(pointOf(entries), session -> new AttemptLog(session).record(claim, entries));
    }

    @Override
    public void end(Claim claim, Ending ending, Instant now) {
        write(FaultPoint.JOURNAL_END, session -> new Endings(session).end(claim, ending, now));
    }

    @Override
    public void refuse(JobId job, int hop, Verdict.Over verdict, List<OutgoingEvent> events, Instant now) {
        write(FaultPoint.JOURNAL_REFUSE, session -> new Endings(session).refuse(job, hop, verdict, events, now));
    }

    @Override
    public Optional<Announcement> announcement(JobId job, int hop) {
        return reader.announcement(job, hop);
    }

    @Override
    public void announced(List<AnnouncementKey> keys) {
        write(FaultPoint.JOURNAL_ANNOUNCED, session -> new Endings(session).announced(keys));
    }

    @Override
    public List<Attempt> openAttempts() {
        return reader.openAttempts();
    }

    @Override
    public List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore) {
        return reader.orphanedAttempts(worker, staleBefore);
    }

    @Override
    public Optional<JobRecord> job(JobId job) {
        return reader.job(job);
    }

    @Override
    public List<JobRecord> jobs(int limit) {
        return reader.jobs(limit);
    }

    @Override
    public List<JobRecord> overdueReviews(Instant now, int limit) {
        return reader.overdueReviews(now, limit);
    }

    @Override
    public List<Attempt> attempts(JobId job) {
        return reader.attempts(job);
    }

    @Override
    public Optional<Attempt> attempt(OperationId operation) {
        return reader.attempt(operation);
    }

    /// A dataset that is set aside already keeps its first reason.
    @Override
    public void quarantine(Claim claim, String reason, Instant now) {
        write(FaultPoint.JOURNAL_QUARANTINE, session -> new Quarantines(session).setAside(claim, reason, now));
    }

    @Override
    public Optional<Quarantine> quarantine(DatasetId dataset) {
        return reader.quarantine(dataset);
    }

    @Override
    public boolean release(DatasetId dataset) {
        return database.write(FaultPoint.JOURNAL_RELEASE, session -> new Quarantines(session).release(dataset));
    }

    /// Raises the claims of datasets to at least these: for a journal made anew beside a datastore whose fences
    /// are higher than it remembers.
    public void raiseEpochs(Map<DatasetId, Epoch> fences) {
        write(FaultPoint.REPAIR_JOURNAL, session -> {
            for (Map.Entry<DatasetId, Epoch> fence : fences.entrySet()) {
                session.update("""
                        INSERT INTO dataset (dataset, epoch) VALUES (?, ?)
                        ON CONFLICT (dataset) DO UPDATE SET epoch = max(epoch, excluded.epoch)
                        """, fence.getKey(), fence.getValue().value());
            }
        });
    }

    @Override
    public Pruned prune(Retention retention, long from, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one job is looked at, not " + limit);
        }
        return database.write(FaultPoint.JOURNAL_PRUNE, session -> new Pruning(session).prune(retention, from, limit));
    }

    @Override
    public void close() {
        reader.close();
    }

    /// The weightiest of what is written at once.
    private static FaultPoint pointOf(List<Entry> entries) {
        return entries.stream()
                .map(SqliteJournal::pointOf)
                .max(Comparator.naturalOrder())
                .orElse(FaultPoint.JOURNAL_PLAN);
    }

    private static FaultPoint pointOf(Entry entry) {
        return switch (entry) {
            case Entry.Planned _, Entry.Done _ -> FaultPoint.JOURNAL_PLAN;
            case Entry.Armed _ -> FaultPoint.JOURNAL_ARM;
            case Entry.Confirmed _ -> FaultPoint.JOURNAL_CONFIRM;
            case Entry.RollBack _ -> FaultPoint.JOURNAL_ROLL_BACK;
            case Entry.Undone _ -> FaultPoint.JOURNAL_UNDONE;
        };
    }

    private void write(FaultPoint point, Step step) {
        database.write(point, session -> {
            step.in(session);
            return true;
        });
    }

    /// Work that answers nothing.
    @FunctionalInterface
    private interface Step {
        void in(Session session) throws SQLException;
    }
}
