package dev.belay.journal.sql;

import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
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
import dev.belay.sql.Database;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The journal in tables of a database.
///
/// What a method decided is durable once it has returned. A method that was killed half-way, or that throws,
/// has decided nothing; where the database cannot say whether it has committed, its failure is a
/// [dev.belay.job.Failure.Unknown].
public class SqlJournal implements Journal {
    private final Database database;
    private final Dialect dialect;
    private final SqlJournalReader reader;

    /// @param database is closed with the journal
    /// @param id       as [#journalId] found it
    protected SqlJournal(Database database, Dialect dialect, String id) {
        this.database = database;
        this.dialect = dialect;
        this.reader = new SqlJournalReader(database, id, SchemaAge.CURRENT);
    }

    /// Finds the journal's id. Of several processes that mint one at once, all get the same.
    ///
    /// @param ids mints the id of a new journal
    protected static String journalId(Database database, IdSource ids) {
        Optional<String> known = database.read(session -> new Lookup(session).journalId());
        return known.orElseGet(() -> database.write(FaultPoint.JOURNAL_NAME, session -> {
            session.update(
                    "INSERT INTO meta (name, value) VALUES ('journal_id', ?) ON CONFLICT (name) DO NOTHING",
                    ids.next());
            return new Lookup(session).journalId().orElseThrow();
        }));
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
        return database.write(
                FaultPoint.JOURNAL_ADMIT, session -> new Admissions(session, dialect).admit(delivery, now));
    }

    @Override
    public ClaimResult claim(JobId job, OperationId operation, WorkerId owner, Instant now, Instant staleBefore) {
        return database.write(
                FaultPoint.JOURNAL_CLAIM,
                session -> new Claims(session, dialect).claim(job, operation, owner, now, staleBefore));
    }

    @Override
    public Optional<Seized> seize(OperationId operation, WorkerId owner, Instant now) {
        return database.write(
                FaultPoint.JOURNAL_SEIZE, session -> new Claims(session, dialect).seize(operation, owner, now));
    }

    @Override
    public void record(Claim claim, List<Entry> entries) {
        write(pointOf(entries), session -> new AttemptLog(session, dialect).record(claim, entries));
    }

    @Override
    public void end(Claim claim, Ending ending, Instant now) {
        write(FaultPoint.JOURNAL_END, session -> end(session, claim, ending, now));
    }

    /// Ends an attempt as [#end(Claim, Ending, Instant)] does, in a transaction that another one of this database has
    /// begun.
    protected final void end(Session session, Claim claim, Ending ending, Instant now) throws SQLException {
        new Endings(session, dialect).end(claim, ending, now);
    }

    @Override
    public void refuse(JobId job, int hop, Verdict.Over verdict, List<OutgoingEvent> events, Instant now) {
        write(
                FaultPoint.JOURNAL_REFUSE,
                session -> new Endings(session, dialect).refuse(job, hop, verdict, events, now));
    }

    @Override
    public Optional<Announcement> announcement(JobId job, int hop) {
        return reader.announcement(job, hop);
    }

    @Override
    public void announced(List<AnnouncementKey> keys) {
        write(FaultPoint.JOURNAL_ANNOUNCED, session -> new Endings(session, dialect).announced(keys));
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
        write(FaultPoint.JOURNAL_QUARANTINE, session -> new Quarantines(session, dialect).setAside(claim, reason, now));
    }

    @Override
    public Optional<Quarantine> quarantine(DatasetId dataset) {
        return reader.quarantine(dataset);
    }

    @Override
    public boolean release(DatasetId dataset) {
        return database.write(
                FaultPoint.JOURNAL_RELEASE, session -> new Quarantines(session, dialect).release(dataset));
    }

    /// Says whose datasets this journal decides about, for ever; of several that say so at once one is right.
    ///
    /// @param datastore identifies a datastore that other hosts reach too
    /// @return the one that it is, which may be another
    public String bindTo(String datastore) {
        Optional<String> known = database.read(session -> new Lookup(session).datastoreId());
        return known.orElseGet(() -> database.write(FaultPoint.JOURNAL_NAME, session -> {
            session.update(
                    "INSERT INTO meta (name, value) VALUES ('datastore_id', ?) ON CONFLICT (name) DO NOTHING",
                    datastore);
            return new Lookup(session).datastoreId().orElseThrow();
        }));
    }

    /// The datastore that [#bindTo] was told; empty when there was none.
    public Optional<String> datastore() {
        return reader.datastore();
    }

    /// Says it anew, in the place of what was said: for a repair, while no worker runs.
    public void bindAnew(String datastore) {
        write(FaultPoint.REPAIR_JOURNAL, session -> session.update("""
                INSERT INTO meta (name, value) VALUES ('datastore_id', ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, datastore));
    }

    /// Raises the claims of datasets to at least these: for a journal made anew beside a datastore whose fences
    /// are higher than it remembers.
    public void raiseEpochs(Map<DatasetId, Epoch> fences) {
        write(FaultPoint.REPAIR_JOURNAL, session -> {
            for (Map.Entry<DatasetId, Epoch> fence : fences.entrySet()) {
                session.update("""
                        INSERT INTO dataset (dataset, epoch) VALUES (?, ?)
                        ON CONFLICT (dataset) DO UPDATE SET epoch =
                            CASE WHEN dataset.epoch < excluded.epoch THEN excluded.epoch ELSE dataset.epoch END
                        """, fence.getKey(), fence.getValue().value());
            }
        });
    }

    @Override
    public Pruned prune(Retention retention, long from, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one job is looked at, not " + limit);
        }
        return database.write(
                FaultPoint.JOURNAL_PRUNE, session -> new Pruning(session, dialect).prune(retention, from, limit));
    }

    @Override
    public void close() {
        reader.close();
    }

    /// The weightiest of what is written at once.
    private static FaultPoint pointOf(List<Entry> entries) {
        return entries.stream()
                .map(SqlJournal::pointOf)
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
