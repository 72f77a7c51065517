package dev.belay.journal.sql;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.sql.Session;
import java.sql.SQLException;

/// How a transaction keeps others from deciding about the same dataset before it ends. Whatever is decided about a
/// dataset, its jobs and its attempts is decided by whoever holds the dataset; nobody ever holds two.
///
/// Where rows are locked, each statement sees what was committed before it began: so what is read after locking is what
/// the one before has left.
public enum Dialect {
    /// One transaction writes at a time and has locked everything.
    SQLITE(""),
    /// A row is locked against others that lock it, not against those that only name it as a foreign key.
    POSTGRESQL(" FOR NO KEY UPDATE");

    private final String locking;

    Dialect(String locking) {
        this.locking = locking;
    }

    /// What is put behind a query of one row that is to be held.
    String locking() {
        return locking;
    }

    void hold(Session session, DatasetId dataset) throws SQLException {
        lock(session, "SELECT epoch FROM dataset WHERE dataset = ?", dataset);
    }

    void holdDatasetOf(Session session, JobId job) throws SQLException {
        lock(session, "SELECT epoch FROM dataset WHERE dataset = (SELECT dataset FROM job WHERE job = ?)", job);
    }

    void holdDatasetOf(Session session, OperationId operation) throws SQLException {
        lock(
                session,
                "SELECT epoch FROM dataset WHERE dataset = (SELECT dataset FROM attempt WHERE operation = ?)",
                operation);
    }

    /// Of several that forget, one does.
    void holdForgetting(Session session) throws SQLException {
        lock(session, "SELECT value FROM meta WHERE name = ?", "journal_id");
    }

    private void lock(Session session, String query, Object name) throws SQLException {
        if (!locking.isEmpty()) {
            session.first(query + locking, row -> true, name);
        }
    }
}
