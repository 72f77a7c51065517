package dev.belay.datastore.postgres;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedObject;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.fault.FaultPoint;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import dev.belay.job.Unavailable;
import dev.belay.parts.Cores;
import dev.belay.sql.Addition;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresDatabase;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Datasets in a PostgreSQL database, for workers of many hosts. See [Schemas] for what is where.
///
/// The crash argument: a version's table comes with all its rows, its key and its manifest in one
/// transaction, and becomes the head in another one. So the head always leads to whole data, and whatever a
/// killed attempt leaves is a table in the schema for staged ones with a manifest that says whose it is.
///
/// What readers see is in [LiveView] and [VersionTables#copy]: the version before or the one after, whole,
/// whatever their isolation level and however old their snapshot.
///
/// A load holds one connection of the pool, one that begins with the rows of a base holds two; one is left to
/// whoever decides, see [LoadingTurns].
public final class PostgresDatastore implements Datastore {
    private final PostgresDatabase database;
    private final Schemas schemas;
    private final Layout layout;
    private final Loading loading;
    private final Catalog catalog;
    private final VersionBuilder builder;
    private final Belonging belonging;

    PostgresDatastore(PostgresDatabase database, Schemas schemas, Loading loading, RandomGenerator random) {
        this.database = database;
        this.layout = schemas.tables(random);
        this.schemas = schemas;
        this.loading = loading;
        belonging = new Belonging(database);
        catalog = new Catalog(database, schemas, layout);
        builder = new VersionBuilder(database, schemas, layout, loading);
    }

    /// Opens the datastore of a database, making what is missing of its schemas, and brings it up to date.
    /// It encodes rows on one thread of its own.
    ///
    /// @param connections at most so many at once, at least 2
    /// @param random      for the pauses before something is tried again; safe for many threads
    /// @throws Unavailable when it cannot be reached or used, is newer than this program, or has not the
    /// encoding UTF8
    public static PostgresDatastore open(
            PostgresAddress address, Schemas schemas, int connections, RandomGenerator random) {
        return open(address, schemas, Loading.alone(connections), random);
    }

    /// Opens it as [#open(PostgresAddress, Schemas, int, RandomGenerator)] does.
    ///
    /// @param cores the threads on which rows are encoded; the caller's
    public static PostgresDatastore open(
            PostgresAddress address, Schemas schemas, int connections, RandomGenerator random, Cores cores) {
        return open(address, schemas, Loading.on(connections, cores), random);
    }

    private static PostgresDatastore open(
            PostgresAddress address, Schemas schemas, Loading loading, RandomGenerator random) {
        // A worker says by its journal that it lives; of its datastore it asks nothing until there is a job.
        var use = new PostgresDatabase.Use(schemas.catalog(), loading.connections()).nothingKept();
        PostgresDatabase database = PostgresDatabase.open(address, use, CatalogSchema.MIGRATIONS, random);
        boolean opened = false;
        try {
            refuseOtherEncoding(database);
            makeSchemas(database, schemas);
            refuseOtherLayout(database, schemas.layout());
            opened = true;
            return new PostgresDatastore(database, schemas, loading, random);
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    private static void refuseOtherEncoding(PostgresDatabase database) {
        String encoding = database.read(session -> session.first(
                        "SELECT current_setting('server_encoding') AS encoding", row -> row.text("encoding"))
                .orElseThrow());
        if (!encoding.equals("UTF8")) {
            String message = "%s has the encoding %s, which does not hold every text: make a database with UTF8"
                    .formatted(database.place(), encoding);
            throw new Unavailable(
                    new Failure.Configuration(FailureCode.STORE_FORBIDDEN, message, Place.NONE),
                    new SQLException("server_encoding " + encoding));
        }
    }

    /// A role may lack the right to make schemas where they were made for it.
    private static void makeSchemas(PostgresDatabase database, Schemas schemas) {
        List<String> missing = database.read(session -> missing(session, schemas));
        if (!missing.isEmpty()) {
            database.write(FaultPoint.MIGRATION_STEP, session -> {
                session.first("SELECT pg_advisory_xact_lock(hashtext(?))", row -> true, schemas.catalog());
                for (String schema : missing(session, schemas)) {
                    session.update("CREATE SCHEMA " + SqlNames.quoted(schema));
                }
                return true;
            });
        }
    }

    /// Notes the layout of a new datastore. One that has datasets and no note is older than other layouts.
    private static void refuseOtherLayout(PostgresDatabase database, TableLayout wanted) {
        TableLayout noted = database.write(FaultPoint.MIGRATION_STEP, session -> {
            session.update("""
                    INSERT INTO layout (one, name)
                    SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM dataset) THEN 'BELAY' ELSE ? END ON CONFLICT DO NOTHING
                    """, wanted);
            return session.first("SELECT name FROM layout", row -> TableLayout.valueOf(row.text("name")))
                    .orElseThrow();
        });
        if (noted != wanted) {
            String message =
                    "the datastore in %s has the layout %s, which never changes: set datastore.layout, or choose another database"
                            .formatted(database.place(), noted.name().toLowerCase(Locale.ROOT));
            throw new Unavailable(
                    new Failure.Configuration(FailureCode.SETTINGS_INVALID, message, Place.NONE),
                    new SQLException("layout " + noted));
        }
    }

    private static List<String> missing(Session session, Schemas schemas) throws SQLException {
        var missing = new ArrayList<String>();
        for (String schema : List.of(schemas.staging(), schemas.versions(), schemas.live())) {
            if (session.first("SELECT 1 FROM pg_namespace WHERE nspname = ?", row -> true, schema)
                    .isEmpty()) {
                missing.add(schema);
            }
        }
        return missing;
    }

    /// Notes the journal that decides about these datasets, unless one is noted; of several that do so at once one is
    /// first.
    ///
    /// @param ids names a datastore that has no name yet
    /// @return what is noted now
    public Belonging.Marks belongTo(String journal, IdSource ids) {
        return belonging.read().orElseGet(() -> belonging.note(journal, ids.next()));
    }

    /// Gives the datasets to another journal: for a repair, while no worker runs.
    public void giveTo(String journal) {
        belonging.give(journal);
    }

    /// What [#belongTo] has noted.
    public Optional<Belonging.Marks> marks() {
        return belonging.read();
    }

    /// The fence of every dataset that was ever claimed.
    Map<DatasetId, Epoch> fences() {
        return catalog.fences();
    }

    /// Whether the table of a commit is still there.
    boolean isKept(Commit commit) {
        return database.read(session -> Manifest.find(session, commit.id()).isPresent());
    }

    /// Where people read a dataset.
    String view(DatasetId dataset) {
        return schemas.live(dataset);
    }

    @Override
    public void fence(DatasetId dataset, Epoch epoch) {
        catalog.fence(dataset, epoch);
    }

    @Override
    public DatasetState state(DatasetId dataset) {
        return catalog.state(dataset);
    }

    @Override
    public List<DatasetState> datasets() {
        return catalog.datasets();
    }

    @Override
    public List<Commit> commits(DatasetId dataset) {
        return catalog.commits(dataset);
    }

    @Override
    public Optional<Commit> commit(CommitId id) {
        return catalog.commit(id);
    }

    @Override
    public Optional<Commit> commit(DatasetId dataset, int version) {
        return catalog.commit(dataset, version);
    }

    @Override
    public boolean isIntact(Commit commit) {
        return database.read(session -> {
            Optional<Manifest> manifest = Manifest.find(session, commit.id());
            return manifest.isPresent()
                    && manifest.get().dataset().equals(commit.dataset())
                    && manifest.get().staged().rows() == commit.rows()
                    && manifest.get().columns().stream()
                            .map(StoredColumn::column)
                            .toList()
                            .equals(commit.columns())
                    && CommitRows.find(session, commit.id()).isPresent()
                    && isWhole(session, layout.table(session, manifest.get()), manifest.get());
        });
    }

    private static boolean isWhole(Session session, String table, Manifest manifest) throws SQLException {
        return VersionTables.isThere(session, table)
                && VersionTables.rows(session, table) == manifest.staged().rows();
    }

    @Override
    public Staged stage(StagingPlan plan, TypedTable rows, Progress progress) throws JobFailure, IOException {
        return builder.stage(plan, rows, progress);
    }

    @Override
    public Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure {
        return builder.stageCopy(plan, earlier);
    }

    @Override
    public void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure {
        builder.index(plan, indexes);
    }

    /// Its rows are durable since they were staged: what is added is the planner's statistics, so that the
    /// first reader has them, and the size.
    ///
    /// @throws JobFailure `OBJECT_IN_THE_WAY` too, when something of others would be in the way of its
    /// publication
    @Override
    public Staged seal(StagingPlan plan, Staged expected) throws JobFailure {
        Staged found = switch (staged(plan)) {
            case StagedReading.Whole whole -> whole.manifest();
            case StagedReading.Absent() -> throw unverifiable(plan, "nothing was staged");
            case StagedReading.Partial() -> throw unverifiable(plan, "it is not whole");
            case StagedReading.Foreign foreign -> throw unverifiable(plan, foreign.reason());
        };
        var sized = new Staged(
                expected.rows(), expected.loaded(), expected.deduplicated(), found.bytes(), expected.digest());
        if (!found.equals(sized)) {
            throw unverifiable(plan, "it holds %s, expected was %s".formatted(found, sized));
        }
        Staged sealed = found.bytes() > 0 ? found : sealed(plan, found);
        catalog.refuseInTheWay(plan);
        return sealed;
    }

    private Staged sealed(StagingPlan plan, Staged found) throws JobFailure {
        String table = schemas.staged(Schemas.table(plan));
        try {
            return loading.turns()
                    .with(
                            1,
                            () -> database.load(FaultPoint.STAGE_SEAL, connection -> {
                                var session = new Session(connection);
                                session.update("ANALYZE " + table);
                                long bytes = session.first(
                                                "SELECT pg_total_relation_size(?::regclass) AS bytes",
                                                row -> row.number("bytes"),
                                                table)
                                        .orElseThrow();
                                session.updateOne(
                                        "UPDATE version SET bytes = ? WHERE commit_id = ? AND bytes = 0",
                                        bytes,
                                        plan.commit());
                                return new Staged(
                                        found.rows(), found.loaded(), found.deduplicated(), bytes, found.digest());
                            }));
        } catch (IOException onlyRowsThrowIt) {
            throw new IllegalStateException(onlyRowsThrowIt);
        }
    }

    private static JobFailure unverifiable(StagingPlan plan, String reason) {
        return new JobFailure(new Failure.Corrupt(
                FailureCode.UNVERIFIABLE,
                "%s is not what was staged: %s".formatted(Schemas.table(plan), reason),
                Place.NONE));
    }

    /// Never partial: a load that was not finished has left nothing.
    @Override
    public StagedReading staged(StagingPlan plan) {
        String table = Schemas.table(plan);
        return database.read(session -> {
            Optional<Manifest> manifest = Manifest.find(session, plan.commit());
            if (manifest.isEmpty()) {
                return VersionTables.isThere(session, schemas.staged(table))
                        ? new StagedReading.Foreign(schemas.staged(table) + " has no manifest")
                        : new StagedReading.Absent();
            }
            if (CommitRows.find(session, plan.commit()).isPresent()) {
                return new StagedReading.Absent();
            }
            return manifest.get().isOf(plan) && isWhole(session, schemas.staged(table), manifest.get())
                    ? new StagedReading.Whole(manifest.get().staged())
                    : new StagedReading.Foreign(schemas.staged(table) + " is not what its manifest says");
        });
    }

    @Override
    public boolean dropStaged(DatasetId dataset, OperationId operation) {
        return catalog.dropStaged(dataset, operation);
    }

    @Override
    public List<StagedObject> stagedObjects() {
        return catalog.staged().stream()
                .map(manifest ->
                        new StagedObject(manifest.dataset(), manifest.operation(), schemas.staged(manifest.table())))
                .toList();
    }

    @Override
    public boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision)
            throws JobFailure {
        return catalog.deleteLive(dataset, epoch, operation, base, dictionaryRevision);
    }

    /// Killed before the commit it has changed nothing; killed after it, it is published. It waits for
    /// readers in a transaction on the dataset's view for some seconds, then it is [Unavailable] with
    /// `READERS_IN_THE_WAY`.
    @Override
    public PublishResult publish(Publication publication) {
        return catalog.publish(publication);
    }

    /// Publishes as [#publish(Publication)] does, and does something of another schema of the database in the same
    /// transaction: both or neither.
    ///
    /// @param addition about what is published; not done where nothing is
    public PublishResult publish(Publication publication, Addition<Commit> addition) {
        return catalog.publish(publication, addition);
    }

    @Override
    public void expose(DatasetId dataset) {
        // The view is part of the publication.
    }

    @Override
    public boolean editDictionary(DatasetId dataset, long expectedRevision, DictionaryDocument dictionary) {
        return catalog.editDictionary(dataset, expectedRevision, dictionary);
    }

    /// A version that someone still reads is left for the next time.
    @Override
    public int retire(DatasetId dataset, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least one version is kept, not " + keep);
        }
        return (int)
                catalog.older(dataset, keep).stream().filter(catalog::retire).count();
    }

    @Override
    public List<List<@Nullable Object>> preview(Commit commit, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        Manifest manifest = database.read(session -> Manifest.find(session, commit.id()))
                .orElseThrow(() -> new IllegalStateException(commit.id() + " is not kept any more"));
        String columns = manifest.columns().stream()
                .map(column -> ", " + column.readable(column.quoted()))
                .collect(Collectors.joining());
        String table = database.read(session -> layout.table(session, manifest));
        String sql = "SELECT _id" + columns + " FROM " + table + " ORDER BY _id LIMIT ?";
        try {
            return database.aside(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setInt(1, limit);
                    return rows(manifest, statement.executeQuery());
                }
            });
        } catch (JobFailure | IOException onlyRowsThrowThem) {
            throw new IllegalStateException(onlyRowsThrowThem);
        }
    }

    private static List<List<@Nullable Object>> rows(Manifest manifest, ResultSet results) throws SQLException {
        var rows = new ArrayList<List<@Nullable Object>>();
        while (results.next()) {
            var row = new ArrayList<@Nullable Object>();
            for (int at = 0; at < manifest.columns().size(); at++) {
                row.add(manifest.columns().get(at).read(results, at + 2));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return rows;
    }

    @Override
    public Optional<Path> file(Commit commit) {
        return Optional.empty();
    }

    @Override
    public void close() {
        loading.close();
        database.close();
    }
}
