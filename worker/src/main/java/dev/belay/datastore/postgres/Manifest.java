package dev.belay.datastore.postgres;

import dev.belay.datastore.ColumnsJson;
import dev.belay.datastore.Commit;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the catalog says of the table of one version, staged or published: a row of `version`, written in the
/// transaction of the table's rows.
///
/// @param staged with `bytes` 0 until it is sealed
record Manifest(
        DatasetId dataset,
        OperationId operation,
        CommitId commit,
        int version,
        List<StoredColumn> columns,
        Staged staged) {
    Manifest {
        columns = List.copyOf(columns);
    }

    static void insert(Session session, StagingPlan plan, List<StoredColumn> columns, Staged staged)
            throws SQLException {
        session.updateOne(
                """
                INSERT INTO version (commit_id, dataset, operation, version, mode, base, columns, stored, row_count,
                  loaded, deduplicated, bytes, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                plan.commit(),
                plan.dataset(),
                plan.operation(),
                plan.version(),
                plan.mode(),
                plan.base().map(Commit::id),
                ColumnsJson.write(columns.stream().map(StoredColumn::column).toList()),
                ColumnsJson.writeNames(
                        columns.stream().map(StoredColumn::written).toList()),
                staged.rows(),
                staged.loaded(),
                staged.deduplicated(),
                staged.bytes(),
                staged.digest().hex());
    }

    static Optional<Manifest> find(Session session, CommitId commit) throws SQLException {
        return session.first("SELECT * FROM version WHERE commit_id = ?", Manifest::read, commit);
    }

    static Manifest read(Row row) throws SQLException {
        List<Column> columns = ColumnsJson.read(row.text("columns"));
        List<String> stored = ColumnsJson.readNames(row.text("stored"));
        var kept = new ArrayList<StoredColumn>();
        for (int at = 0; at < columns.size(); at++) {
            kept.add(StoredColumn.read(columns.get(at), stored.get(at)));
        }
        return new Manifest(
                new DatasetId(row.text("dataset")),
                new OperationId(row.text("operation")),
                new CommitId(row.text("commit_id")),
                (int) row.number("version"),
                kept,
                new Staged(
                        row.number("row_count"),
                        row.number("loaded"),
                        row.number("deduplicated"),
                        row.number("bytes"),
                        new Sha256(row.text("digest"))));
    }

    String table() {
        return Schemas.table(dataset, version, commit);
    }

    boolean isSealed() {
        return staged.bytes() > 0;
    }

    /// Whether a plan's table is the one this is about.
    boolean isOf(StagingPlan plan) {
        return dataset.equals(plan.dataset()) && operation.equals(plan.operation()) && version == plan.version();
    }
}
