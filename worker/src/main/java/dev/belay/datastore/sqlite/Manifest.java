package dev.belay.datastore.sqlite;

import dev.belay.datastore.ColumnsJson;
import dev.belay.datastore.Commit;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Mode;
import dev.belay.job.Sha256;
import dev.belay.sql.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a version file says about itself in its table `_belay` (key, value), written in the transaction of its rows.
///
/// @param base   the commit it was built on
/// @param staged with `bytes` 0: a file cannot hold its own length
record Manifest(
        VersionName name, Mode mode, Optional<CommitId> base, List<String> key, List<Column> columns, Staged staged) {
    private static final String FORMAT = "1";

    Manifest {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    static Manifest of(StagingPlan plan, List<Column> columns, Staged staged) {
        return new Manifest(
                VersionName.of(plan), plan.mode(), plan.base().map(Commit::id), plan.key(), columns, staged);
    }

    /// Replaces whatever manifest is there, such as that of the base the file was copied from.
    void write(Connection connection) throws SQLException {
        var session = new Session(connection);
        session.update("CREATE TABLE IF NOT EXISTS _belay (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        session.update("DELETE FROM _belay");
        put(session, "format", FORMAT);
        put(session, "dataset", name.dataset());
        put(session, "table", TableLayout.tableName(name.dataset()));
        put(session, "version", name.version());
        put(session, "commit", name.commit());
        put(session, "operation", name.operation());
        put(session, "mode", mode);
        if (base.isPresent()) {
            put(session, "base", base.get());
        }
        put(session, "key", ColumnsJson.writeNames(key));
        put(session, "columns", ColumnsJson.write(columns));
        put(session, "rows", staged.rows());
        put(session, "loaded", staged.loaded());
        put(session, "deduplicated", staged.deduplicated());
        put(session, "digest", staged.digest());
    }

    private static void put(Session session, String key, Object value) throws SQLException {
        session.updateOne("INSERT INTO _belay (key, value) VALUES (?, ?)", key, value.toString());
    }

    /// Reads the manifest of an open file.
    ///
    /// @throws SQLException             when the file is damaged or has no such table
    /// @throws IllegalArgumentException when what it says makes no manifest
    static Manifest read(Connection connection) throws SQLException {
        Map<String, String> values = new HashMap<>();
        new Session(connection)
                .list("SELECT key, value FROM _belay", row -> values.put(row.text("key"), row.text("value")));
        if (!FORMAT.equals(values.get("format"))) {
            throw new IllegalArgumentException("format " + values.get("format"));
        }
        return new Manifest(
                new VersionName(
                        new DatasetId(needed(values, "dataset")),
                        Integer.parseInt(needed(values, "version")),
                        new CommitId(needed(values, "commit"))),
                Mode.valueOf(needed(values, "mode")),
                Optional.ofNullable(values.get("base")).map(CommitId::new),
                ColumnsJson.readNames(needed(values, "key")),
                ColumnsJson.read(needed(values, "columns")),
                new Staged(
                        Long.parseLong(needed(values, "rows")),
                        Long.parseLong(needed(values, "loaded")),
                        Long.parseLong(needed(values, "deduplicated")),
                        0,
                        new Sha256(needed(values, "digest"))));
    }

    private static String needed(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the manifest says nothing of its " + key);
        }
        return value;
    }
}
