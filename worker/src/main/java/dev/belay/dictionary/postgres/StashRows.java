package dev.belay.dictionary.postgres;

import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashEnvelope;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The statements of the stash. The names are full ones: the connections are the journal's.
final class StashRows {
    private final String copies;
    private final String setAside;

    StashRows(String schema) {
        this.copies = SqlNames.quoted(schema) + ".copy";
        this.setAside = SqlNames.quoted(schema) + ".set_aside";
    }

    /// A copy as it stands, whatever its bytes are.
    // Nobody changes or compares the bytes.
    @SuppressWarnings("ArrayRecordComponent")
    record Copy(DatasetId dataset, String operation, byte[] envelope) {
        /// @throws StashEnvelope.Damaged when it is not the whole copy of this dataset and operation
        StashEntry entry() throws StashEnvelope.Damaged {
            return StashEnvelope.read(envelope, dataset, operation);
        }
    }

    /// What was found damaged and nobody has resolved.
    record Damaged(long place, DatasetId dataset, String operation, String reason) {}

    int put(Session session, StashEntry entry, byte[] envelope) throws SQLException {
        return session.update("""
                INSERT INTO %s (dataset, operation, envelope) VALUES (?, ?, ?)
                ON CONFLICT (dataset, operation) DO UPDATE SET envelope = excluded.envelope
                """.formatted(copies), entry.dataset(), entry.operation(), envelope);
    }

    /// Of one dataset, or of all.
    List<Copy> copies(Session session, Optional<DatasetId> dataset) throws SQLException {
        return session.list(
                "SELECT dataset, operation, envelope FROM %s WHERE CAST(? AS text) IS NULL OR dataset = ?"
                        .formatted(copies),
                StashRows::copy,
                dataset,
                dataset);
    }

    Optional<Copy> copy(Session session, DatasetId dataset, String operation) throws SQLException {
        return session.first(
                "SELECT dataset, operation, envelope FROM %s WHERE dataset = ? AND operation = ?".formatted(copies),
                StashRows::copy,
                dataset,
                operation);
    }

    List<Damaged> damaged(Session session, Optional<DatasetId> dataset) throws SQLException {
        return session.list(
                """
                SELECT seq, dataset, operation, reason FROM %s
                WHERE resolved = 0 AND (CAST(? AS text) IS NULL OR dataset = ?)
                """.formatted(setAside),
                row -> new Damaged(
                        row.number("seq"),
                        new DatasetId(row.text("dataset")),
                        row.text("operation"),
                        row.text("reason")),
                dataset,
                dataset);
    }

    /// Does nothing when it was moved or replaced meanwhile.
    ///
    /// @param resolved 1 when somebody has said so already
    /// @return whether it was moved
    boolean moveAside(Session session, Copy copy, String reason, int resolved) throws SQLException {
        int found = session.update(
                "DELETE FROM %s WHERE dataset = ? AND operation = ? AND envelope = ?".formatted(copies),
                copy.dataset(),
                copy.operation(),
                copy.envelope());
        if (found == 1) {
            session.updateOne(
                    "INSERT INTO %s (dataset, operation, envelope, reason, resolved) VALUES (?, ?, ?, ?, ?)"
                            .formatted(setAside),
                    copy.dataset(),
                    copy.operation(),
                    copy.envelope(),
                    reason,
                    resolved);
        }
        return found == 1;
    }

    boolean clear(Session session, DatasetId dataset, OperationId operation) throws SQLException {
        return session.update(
                        "DELETE FROM %s WHERE dataset = ? AND operation = ?".formatted(copies), dataset, operation)
                == 1;
    }

    boolean resolve(Session session, DatasetId dataset, long place) throws SQLException {
        return session.update(
                        "UPDATE %s SET resolved = 1 WHERE seq = ? AND dataset = ? AND resolved = 0".formatted(setAside),
                        place,
                        dataset)
                == 1;
    }

    private static Copy copy(Row row) throws SQLException {
        return new Copy(new DatasetId(row.text("dataset")), row.text("operation"), row.bytes("envelope"));
    }
}
