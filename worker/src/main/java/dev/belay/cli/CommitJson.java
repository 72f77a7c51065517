package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.job.Sha256;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Versions as JSON.
final class CommitJson {
    private CommitJson() {}

    /// @param file where its data are, if they are kept
    static ObjectNode of(Commit commit, Optional<Path> file) {
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
                .put("kept", file.isPresent())
                .put("file", file.map(Path::toString).orElse(null));
    }
}
