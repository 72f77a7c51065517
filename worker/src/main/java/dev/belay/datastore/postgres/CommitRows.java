package dev.belay.datastore.postgres;

import dev.belay.datastore.ColumnsJson;
import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.Provenance;
import dev.belay.datastore.Publication;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// The rows of the catalog's table `commits`: added with a publication, never changed.
final class CommitRows {
    private CommitRows() {}

    static void insert(Session session, Publication publication) throws SQLException {
        StagingPlan staging = publication.staging();
        Staged manifest = publication.manifest();
        Provenance provenance = publication.provenance();
        session.updateOne(
                """
                INSERT INTO commits (id, dataset, operation, kind, version, parent, row_count, bytes, columns, loaded,
                  deduplicated, digest, job, mode, topic, partition, position, source, source_digest, basis, profile,
                  published_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                staging.commit(),
                staging.dataset(),
                staging.operation(),
                publication.kind(),
                staging.version(),
                staging.base().map(Commit::id),
                manifest.rows(),
                manifest.bytes(),
                ColumnsJson.write(staging.columns()),
                manifest.loaded(),
                manifest.deduplicated(),
                manifest.digest().hex(),
                provenance.job().value(),
                provenance.mode(),
                provenance.position().topicId(),
                provenance.position().partition(),
                provenance.position().offset(),
                provenance.source(),
                provenance.sourceDigest().map(Sha256::hex),
                provenance.basis().map(Sha256::hex),
                publication.profileJson(),
                publication.publishedAt());
    }

    static Optional<Commit> find(Session session, CommitId id) throws SQLException {
        return session.first("SELECT * FROM commits WHERE id = ?", CommitRows::read, id);
    }

    static Commit read(Row row) throws SQLException {
        var position = new SourcePosition(row.text("topic"), (int) row.number("partition"), row.number("position"));
        return new Commit(
                new CommitId(row.text("id")),
                new DatasetId(row.text("dataset")),
                new OperationId(row.text("operation")),
                CommitKind.valueOf(row.text("kind")),
                (int) row.number("version"),
                row.optionalText("parent").map(CommitId::new),
                row.number("row_count"),
                row.number("bytes"),
                ColumnsJson.read(row.text("columns")),
                new Provenance(
                        new JobId(row.text("job")),
                        Mode.valueOf(row.text("mode")),
                        position,
                        row.text("source"),
                        row.optionalText("source_digest").map(Sha256::new),
                        row.optionalText("basis").map(Sha256::new)),
                row.text("profile"),
                Instant.parse(row.text("published_at")));
    }
}
