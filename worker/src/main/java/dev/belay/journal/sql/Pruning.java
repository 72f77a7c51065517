package dev.belay.journal.sql;

import dev.belay.job.JobId;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Pruned;
import dev.belay.journal.Retention;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/// Forgets what finished jobs have left.
///
/// Walks the jobs in the order in which they were accepted, which is about the order in which they end, so that
/// no index has to be kept for it: a pass ends at the first job that was accepted within the retention.
final class Pruning {
    private final Session session;
    private final Dialect dialect;

    Pruning(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
    }

    private record Found(long place, JobRecord job) {}

    Pruned prune(Retention retention, long from, int limit) throws SQLException {
        dialect.holdForgetting(session);
        String before = InstantText.of(retention.endedBefore());
        if (from == 0) {
            session.update("DELETE FROM worker WHERE heard_at < ?", before);
        }
        List<Found> found = session.list(
                "SELECT * FROM " + Lookup.JOBS + " WHERE seq > ? ORDER BY seq LIMIT ?", Pruning::found, from, limit);
        int details = 0;
        int receipts = 0;
        for (Found one : found) {
            JobRecord job = one.job();
            if (!job.acceptedAt().isBefore(retention.endedBefore())) {
                return new Pruned(details, receipts, OptionalLong.empty());
            }
            boolean old = job.endedAt()
                    .filter(ended -> ended.isBefore(retention.endedBefore()))
                    .isPresent();
            if (old && !isNeeded(job.job())) {
                details += forgetDetails(job.job()) ? 1 : 0;
                if (!retention.deliverable().test(job)) {
                    session.update("DELETE FROM review WHERE job = ?", job.job());
                    session.updateOne("DELETE FROM job WHERE job = ?", job.job());
                    receipts++;
                }
            }
        }
        return new Pruned(
                details,
                receipts,
                found.size() < limit
                        ? OptionalLong.empty()
                        : OptionalLong.of(found.getLast().place()));
    }

    private static Found found(Row row) throws SQLException {
        return new Found(row.number("seq"), Lookup.job(row));
    }

    /// Only the last hop's announcement counts: its message exists because the earlier ones are out.
    private boolean isNeeded(JobId job) throws SQLException {
        boolean untold = session.first(
                        "SELECT 1 FROM announcement WHERE job = ? AND verdict = 'OVER' AND announced = 0",
                        row -> true,
                        job)
                .isPresent();
        return untold || session.first("""
                                SELECT 1 FROM attempt a
                                WHERE a.job = ? AND (a.ended_at IS NULL
                                  OR EXISTS (SELECT 1 FROM dataset d WHERE d.set_aside_by = a.operation))
                                """, row -> true, job).isPresent();
    }

    /// @return whether there were any
    private boolean forgetDetails(JobId job) throws SQLException {
        String attempts = "(SELECT operation FROM attempt WHERE job = ?)";
        session.update("DELETE FROM effect WHERE operation IN " + attempts, job);
        session.update("DELETE FROM audit WHERE operation IN " + attempts, job);
        session.update("DELETE FROM attempt WHERE job = ?", job);
        session.update("DELETE FROM outbox WHERE job = ?", job);
        return session.update("DELETE FROM announcement WHERE job = ?", job) > 0;
    }
}
