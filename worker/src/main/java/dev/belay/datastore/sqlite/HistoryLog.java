package dev.belay.datastore.sqlite;

import dev.belay.disk.DurableFiles;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Sha256;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `datasets/<dataset>/history.log`: what the catalog says of a dataset, once more, beside its files. It is read only
/// when the catalog is lost, damaged or behind; see [CatalogRebuild].
///
/// ```
/// belay1 <SHA-256 of the JSON, hex> {"dataset": {...}, "commit": {...}}
/// ```
/// One line for each transaction that publishes, edits a dictionary or deletes live rows: the dataset's row of the
/// catalog as it will be, and the row of the commit it adds, if any; all values as text. Lines that only carry a
/// commit are older history.
///
/// The crash argument: a line is made durable *inside* the catalog's transaction, as its last step, while no other
/// process can write the catalog. So whatever the catalog has kept is in the log, and lines are in the order of the
/// transactions. Killed between line and commit, the last line tells of something that was not done: the journal says
/// so, or the next line does by taking the same version number. Killed within the line it has no end or no true digest
/// and is passed over; the next one begins on a line of its own.
final class HistoryLog {
    static final String NAME = "history.log";

    /// Beyond this the log is written anew with the newest half of it: it must not outgrow the data.
    static final long LIMIT = 4L << 20;

    private static final String MARK = "belay1 ";
    private static final int DIGEST = 64;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static final List<String> DATASET_COLUMNS = List.of(
            "id",
            "presence",
            "incarnation",
            "head",
            "dictionary",
            "dictionary_revision",
            "emptied_by",
            "fence",
            "next_version");

    private final VersionFiles files;

    HistoryLog(VersionFiles files) {
        this.files = files;
    }

    /// @param dataset the dataset's row; absent in lines of older history
    /// @param commit  the commit's row; absent when none was added
    record Line(Optional<Map<String, Optional<String>>> dataset, Optional<Map<String, Optional<String>>> commit) {}

    /// Adds what the open transaction has changed, durably.
    ///
    /// @param added the commit it adds, if any
    void append(Session session, DatasetId dataset, Optional<CommitId> added) throws SQLException {
        Path log = files.folder(dataset).resolve(NAME);
        byte[] line = written(new Line(Optional.of(datasetRow(session, dataset)), commitRow(session, added)));
        long size = files.guarded(() -> sizeOf(log));
        if (size == 0 || size + line.length > LIMIT) {
            rewrite(session, dataset);
        } else {
            files.guarded(() -> {
                DurableFiles.append(log, line, '\n');
                return true;
            });
        }
    }

    /// Writes the whole log anew from the catalog as the open transaction sees it.
    ///
    /// Of a dataset whose live rows are deleted the log keeps how it was before: the delete may never be committed.
    void rewrite(Session session, DatasetId dataset) throws SQLException {
        Path log = files.folder(dataset).resolve(NAME);
        Map<String, Optional<String>> now = datasetRow(session, dataset);
        Optional<Map<String, Optional<String>>> before = beforeDelete(dataset, now);
        List<CommitId> newestFirst = session.list(
                "SELECT id FROM commits WHERE dataset = ? ORDER BY version DESC",
                row -> new CommitId(row.text("id")),
                dataset);
        var lines = new ArrayList<byte[]>();
        long bytes = 0;
        for (CommitId id : newestFirst) {
            byte[] line = written(new Line(
                    lines.isEmpty() ? Optional.of(before.orElse(now)) : Optional.empty(),
                    commitRow(session, Optional.of(id))));
            bytes += line.length;
            if (!lines.isEmpty() && bytes > LIMIT / 2) {
                break;
            }
            lines.add(line);
        }
        var content = new ByteArrayOutputStream();
        Collections.reverse(lines);
        lines.forEach(content::writeBytes);
        if (before.isPresent()) {
            content.writeBytes(written(new Line(Optional.of(now), Optional.empty())));
        }
        files.guarded(() -> {
            DurableFiles.createFolders(files.folder(dataset));
            Files.deleteIfExists(log.resolveSibling(NAME + ".partial"));
            DurableFiles.replace(log, content.toByteArray(), NAME);
            return true;
        });
    }

    /// Keeps a copy of the log beside it, durably, if there is a log.
    ///
    /// @param suffix what is added to the log's name
    void keep(DatasetId dataset, String suffix) {
        Path log = files.folder(dataset).resolve(NAME);
        files.guarded(() -> {
            if (Files.exists(log)) {
                Files.deleteIfExists(log.resolveSibling(NAME + suffix + ".partial"));
                DurableFiles.replace(log.resolveSibling(NAME + suffix), Files.readAllBytes(log), NAME + suffix);
            }
            return true;
        });
    }

    /// The newest row of the log in which the version is served whose rows are deleted now.
    private Optional<Map<String, Optional<String>>> beforeDelete(DatasetId dataset, Map<String, Optional<String>> now) {
        if (!Optional.of("EMPTIED").equals(now.get("presence"))) {
            return Optional.empty();
        }
        return read(dataset).reversed().stream()
                .flatMap(line -> line.dataset().stream())
                .filter(row -> Optional.of("LIVE").equals(row.get("presence"))
                        && Objects.equals(row.get("next_version"), now.get("next_version")))
                .findFirst();
    }

    /// All whole lines, oldest first.
    List<Line> read(DatasetId dataset) {
        byte[] bytes = files.guarded(() -> {
            try {
                return Files.readAllBytes(files.folder(dataset).resolve(NAME));
            } catch (NoSuchFileException none) {
                return new byte[0];
            }
        });
        var lines = new ArrayList<Line>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            whole(line).ifPresent(lines::add);
        }
        return lines;
    }

    private static Optional<Line> whole(String line) {
        int json = MARK.length() + DIGEST + 1;
        if (!line.startsWith(MARK) || line.length() <= json) {
            return Optional.empty();
        }
        String text = line.substring(json);
        String digest = line.substring(MARK.length(), json - 1);
        if (!Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex().equals(digest)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(text);
            return Optional.of(new Line(row(node.path("dataset")), row(node.path("commit"))));
        } catch (JacksonException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<Map<String, Optional<String>>> row(JsonNode node) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        var row = new LinkedHashMap<String, Optional<String>>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            row.put(
                    field.getKey(),
                    field.getValue().isNull()
                            ? Optional.empty()
                            : Optional.of(field.getValue().stringValue()));
        }
        return Optional.of(row);
    }

    private static byte[] written(Line line) {
        ObjectNode node = JSON.createObjectNode();
        line.dataset().ifPresent(row -> put(node.putObject("dataset"), row));
        line.commit().ifPresent(row -> put(node.putObject("commit"), row));
        String json = JSON.writeValueAsString(node);
        String digest = Sha256.of(json.getBytes(StandardCharsets.UTF_8)).hex();
        return (MARK + digest + " " + json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode node, Map<String, Optional<String>> row) {
        row.forEach((column, value) -> node.put(column, value.orElse(null)));
    }

    private static Map<String, Optional<String>> datasetRow(Session session, DatasetId dataset) throws SQLException {
        return session.first("SELECT * FROM dataset WHERE id = ?", row -> values(row, DATASET_COLUMNS), dataset)
                .orElseThrow();
    }

    private static Optional<Map<String, Optional<String>>> commitRow(Session session, Optional<CommitId> id)
            throws SQLException {
        return id.isEmpty()
                ? Optional.empty()
                : session.first("SELECT * FROM commits WHERE id = ?", row -> values(row, CommitRows.COLUMNS), id.get());
    }

    private static Map<String, Optional<String>> values(Row row, List<String> columns) throws SQLException {
        var values = new LinkedHashMap<String, Optional<String>>();
        for (String column : columns) {
            values.put(column, row.optionalText(column));
        }
        return values;
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException none) {
            return 0;
        }
    }
}
