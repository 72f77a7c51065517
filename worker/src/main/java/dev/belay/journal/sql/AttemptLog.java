package dev.belay.journal.sql;

import dev.belay.job.OperationId;
import dev.belay.journal.Claim;
import dev.belay.journal.Entry;
import dev.belay.journal.Phase;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.List;

/// The log of one attempt.
///
/// Effects are planned (ordinals without a gap) and done, once each, before the decision to go back; they are undone
/// after it. Only a compensation that failed is written again.
final class AttemptLog {
    private final Session session;
    private final Dialect dialect;

    AttemptLog(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
    }

    void record(Claim claim, List<Entry> entries) throws SQLException {
        Phase phase = new Claims(session, dialect).held(claim).phase();
        for (Entry entry : entries) {
            phase = write(claim.operation(), phase, entry);
        }
    }

    /// @return the phase after the entry
    private Phase write(OperationId operation, Phase phase, Entry entry) throws SQLException {
        switch (entry) {
            case Entry.Planned planned -> {
                requireRollingBack(false, operation, phase, entry);
                plan(operation, planned);
                return phase;
            }
            case Entry.Done done -> {
                requireRollingBack(false, operation, phase, entry);
                session.updateOne("""
                        UPDATE effect SET output_json = ?
                        WHERE operation = ? AND ordinal = ? AND output_json IS NULL
                        """, done.outputJson(), operation, done.ordinal());
                return phase;
            }
            case Entry.Armed armed -> {
                return step(operation, phase, Phase.ARMED);
            }
            case Entry.Confirmed confirmed -> {
                return step(operation, phase, Phase.CONFIRMED);
            }
            case Entry.RollBack rollBack -> {
                session.updateOne(
                        "UPDATE attempt SET failure_json = ? WHERE operation = ?", rollBack.failureJson(), operation);
                return step(operation, phase, Phase.ROLLING_BACK);
            }
            case Entry.Undone undone -> {
                requireRollingBack(true, operation, phase, entry);
                session.updateOne(
                        """
                        UPDATE effect SET undone_result = ?, undone_detail = ?
                        WHERE operation = ? AND ordinal = ? AND coalesce(undone_result, 'FAILED') = 'FAILED'
                        """,
                        undone.compensation().result().name(),
                        undone.compensation().detail(),
                        operation,
                        undone.ordinal());
                return phase;
            }
        }
    }

    private void plan(OperationId operation, Entry.Planned planned) throws SQLException {
        long before = session.first(
                        "SELECT coalesce(max(ordinal), 0) AS last FROM effect WHERE operation = ?",
                        row -> row.number("last"),
                        operation)
                .orElse(0L);
        if (planned.ordinal() != before + 1) {
            throw new IllegalStateException("attempt %s has planned %d effects, the next one is not number %d"
                    .formatted(operation, before, planned.ordinal()));
        }
        session.updateOne(
                "INSERT INTO effect (operation, ordinal, stage, plan_json) VALUES (?, ?, ?, ?)",
                operation,
                planned.ordinal(),
                planned.stage(),
                planned.planJson());
    }

    private Phase step(OperationId operation, Phase phase, Phase next) throws SQLException {
        if (!phase.allows(next)) {
            throw new IllegalStateException("attempt %s cannot go from %s to %s".formatted(operation, phase, next));
        }
        session.updateOne(
                "UPDATE attempt SET phase = ? WHERE operation = ? AND phase = ?", next.name(), operation, phase.name());
        return next;
    }

    private static void requireRollingBack(boolean wanted, OperationId operation, Phase phase, Entry entry) {
        if ((phase == Phase.ROLLING_BACK) != wanted) {
            throw new IllegalStateException("attempt %s is %s, this cannot be recorded: %s"
                    .formatted(operation, phase, entry.getClass().getSimpleName()));
        }
    }
}
