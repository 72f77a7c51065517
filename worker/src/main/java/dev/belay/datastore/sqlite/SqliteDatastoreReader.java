package dev.belay.datastore.sqlite;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.StagedObject;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A datastore in a folder for commands that only look: never makes, migrates or writes anything, and reads catalogs
/// that are newer than this program.
public final class SqliteDatastoreReader implements DatastoreReader {
    private final Path folder;
    private final SqliteDatabase database;
    private final SqliteDatastore datastore;

    private SqliteDatastoreReader(Path folder, SqliteDatabase database) {
        this.folder = folder;
        this.database = database;
        this.datastore = new SqliteDatastore(folder, database, PageLoading.alone());
    }

    /// Opens the datastore in a folder.
    ///
    /// @return empty when there is none yet
    /// @throws Unavailable when the catalog cannot be read or is none
    public static Optional<SqliteDatastoreReader> open(Path dataFolder) {
        Path file = dataFolder.resolve(SqliteDatastore.CATALOG);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SqliteDatabase database = SqliteDatabase.openReadOnly(file);
        boolean opened = false;
        try {
            opened = database.read(session -> isCatalog(session, file));
            return opened ? Optional.of(new SqliteDatastoreReader(dataFolder, database)) : Optional.empty();
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    private static boolean isCatalog(Session session, Path file) throws SQLException {
        if (number(session, "user_version") == 0) {
            return false;
        }
        long applicationId = number(session, "application_id");
        if (applicationId != CatalogSchema.MIGRATIONS.applicationId()) {
            throw new Unavailable(
                    new Failure.Corrupt(
                            FailureCode.STORE_CORRUPT, "%s is not a catalog of Belay".formatted(file), Place.NONE),
                    new SQLException("application_id " + applicationId));
        }
        return true;
    }

    private static long number(Session session, String pragma) throws SQLException {
        return session.first("PRAGMA " + pragma, row -> row.number(pragma)).orElse(0L);
    }

    @Override
    public DatasetState state(DatasetId dataset) {
        return datastore.state(dataset);
    }

    @Override
    public List<DatasetState> datasets() {
        return datastore.datasets();
    }

    @Override
    public List<Commit> commits(DatasetId dataset) {
        return datastore.commits(dataset);
    }

    @Override
    public Optional<Commit> commit(DatasetId dataset, int version) {
        return datastore.commit(dataset, version);
    }

    @Override
    public boolean isKept(Commit commit) {
        return datastore.file(commit).isPresent();
    }

    @Override
    public boolean isIntact(Commit commit) {
        return datastore.isIntact(commit);
    }

    @Override
    public List<List<@Nullable Object>> preview(Commit commit, int limit) {
        return datastore.preview(commit, limit);
    }

    @Override
    public Optional<Path> file(Commit commit) {
        return datastore.file(commit);
    }

    /// None: what is served is a file.
    @Override
    public Optional<String> view(DatasetId dataset) {
        return Optional.empty();
    }

    @Override
    public List<StagedObject> stagedObjects() {
        return datastore.stagedObjects();
    }

    @Override
    public Map<DatasetId, Epoch> fences() {
        return database.read(session -> {
            var fences = new LinkedHashMap<DatasetId, Epoch>();
            session.list(
                    "SELECT id, fence FROM dataset ORDER BY id",
                    row -> fences.put(new DatasetId(row.text("id")), new Epoch(row.number("fence"))));
            return fences;
        });
    }

    @Override
    public Optional<String> id() {
        return Optional.empty();
    }

    @Override
    public Optional<String> journal() {
        return JournalMark.read(folder);
    }

    /// What SQLite's quick check finds.
    @Override
    public List<String> damage() {
        return database.damage();
    }

    @Override
    public void close() {
        database.close();
    }
}
