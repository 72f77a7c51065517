package dev.belay.journal.sql;

import dev.belay.job.DatasetId;
import dev.belay.journal.Claim;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;

/// Datasets that are set aside until someone decides.
final class Quarantines {
    private final Session session;
    private final Dialect dialect;

    Quarantines(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
    }

    /// Keeps the first reason of a dataset that is set aside already, so that recovery may find the same
    /// trouble again.
    void setAside(Claim claim, String reason, Instant now) throws SQLException {
        new Claims(session, dialect).held(claim);
        session.update("""
                UPDATE dataset SET set_aside_by = ?, set_aside_reason = ?, set_aside_at = ?
                WHERE dataset = ? AND set_aside_by IS NULL
                """, claim.operation(), reason, InstantText.of(now), claim.dataset());
    }

    /// @return whether it was set aside
    boolean release(DatasetId dataset) throws SQLException {
        return session.update("""
                        UPDATE dataset SET set_aside_by = NULL, set_aside_reason = NULL, set_aside_at = NULL
                        WHERE dataset = ? AND set_aside_by IS NOT NULL
                        """, dataset) == 1;
    }
}
