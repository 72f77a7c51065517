package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatastoreReader;
import dev.belay.job.Sha256;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Versions as JSON.
final class CommitJson {
    private CommitJson() {}

    static ObjectNode of(Commit commit, DatastoreReader datastore) {
        return Json.object()
                .put("version", commit.version())
                .put("commitId", commit.id().value())
                .put("kind", commit.kind().name().toLowerCase(Locale.ROOT))
                .put("rows", commit.rows())
                .put("bytes", commit.bytes())
                .put("jobId", commit.provenance().job().value())
                .put("mode", commit.provenance().mode().name().toLowerCase(Locale.ROOT))
                .put("source", commit.provenance().source())
                .put(
                        "sourceDigest",
                        commit.provenance().sourceDigest().map(Sha256::toString).orElse(null))
                .put("publishedAt", commit.publishedAt().toString())
                .put("kept", datastore.isKept(commit))
                .put("file", datastore.file(commit).map(Path::toString).orElse(null));
    }
}
