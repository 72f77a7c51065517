package dev.belay.datastore.sqlite;

import dev.belay.datastore.ColumnsJson;
import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.Provenance;
import dev.belay.datastore.Publication;
import dev.belay.datastore.Staged;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of the catalog's table `commits`: added with a publication, never changed.
final class CommitRows {
    static final List<String> COLUMNS = List.of(
            "id",
            "dataset",
            "operation",
            "kind",
            "version",
            "parent",
            "row_count",
            "bytes",
            "columns",
            "loaded",
            "deduplicated",
            "digest",
            "job",
            "mode",
            "topic",
            "partition",
            "position",
            "source",
            "source_digest",
            "basis",
            "profile",
            "published_at");

    private static final String INSERT = "INSERT INTO commits (%s) VALUES (%s)"
            .formatted(String.join(", ", COLUMNS), String.join(", ", Collections.nCopies(COLUMNS.size(), "?")));

    private CommitRows() {}

    static void insert(Session session, Publication publication) throws SQLException {
        insert(session, row(publication));
    }

    /// The row of a publication, by column, as text.
    static Map<String, Optional<String>> row(Publication publication) {
        var staging = publication.staging();
        Staged manifest = publication.manifest();
        Provenance provenance = publication.provenance();
        var row = new LinkedHashMap<String, Optional<String>>();
        row.put("id", Optional.of(staging.commit().value()));
        row.put("dataset", Optional.of(staging.dataset().value()));
        row.put("operation", Optional.of(staging.operation().value()));
        row.put("kind", Optional.of(publication.kind().name()));
        row.put("version", Optional.of(Integer.toString(staging.version())));
        row.put("parent", staging.base().map(base -> base.id().value()));
        row.put("row_count", Optional.of(Long.toString(manifest.rows())));
        row.put("bytes", Optional.of(Long.toString(manifest.bytes())));
        row.put("columns", Optional.of(ColumnsJson.write(staging.columns())));
        row.put("loaded", Optional.of(Long.toString(manifest.loaded())));
        row.put("deduplicated", Optional.of(Long.toString(manifest.deduplicated())));
        row.put("digest", Optional.of(manifest.digest().hex()));
        row.put("job", Optional.of(provenance.job().value()));
        row.put("mode", Optional.of(provenance.mode().name()));
        row.put("topic", Optional.of(provenance.position().topicId()));
        row.put("partition", Optional.of(Integer.toString(provenance.position().partition())));
        row.put("position", Optional.of(Long.toString(provenance.position().offset())));
        row.put("source", Optional.of(provenance.source()));
        row.put("source_digest", provenance.sourceDigest().map(Sha256::hex));
        row.put("basis", provenance.basis().map(Sha256::hex));
        row.put("profile", Optional.of(publication.profileJson()));
        row.put("published_at", Optional.of(publication.publishedAt().toString()));
        return row;
    }

    /// Adds a row as [HistoryLog] kept it.
    static void insert(Session session, Map<String, Optional<String>> row) throws SQLException {
        session.updateOne(
                INSERT,
                COLUMNS.stream()
                        .map(column -> row.getOrDefault(column, Optional.empty()))
                        .toArray());
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
