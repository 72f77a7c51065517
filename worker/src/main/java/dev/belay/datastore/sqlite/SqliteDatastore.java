package dev.belay.datastore.sqlite;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedObject;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.disk.WriteProbe;
import dev.belay.fault.FaultPoint;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.TableDraft;
import dev.belay.job.TypedTable;
import dev.belay.job.Unavailable;
import dev.belay.parts.Cores;
import dev.belay.sql.SqlNames;
import dev.belay.sql.SqliteConnections;
import dev.belay.sql.SqliteDatabase;
import dev.belay.sql.SqliteFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Datasets in a folder. Several processes on one host may use it at once.
///
/// ```
/// catalog.db                                    heads, history, dictionaries, fences
/// staging/<dataset>/<version>-<commit>.sqlite   sealed, to be published (with .part: being built)
/// datasets/<dataset>/<version>-<commit>.sqlite  one immutable file for each version
/// datasets/<dataset>/current.sqlite             a link to the head
/// datasets/<dataset>/history.log                what the catalog says of it, once more: see HistoryLog
/// ```
/// The crash argument: a version's file is durable and in place before the transaction that makes it the head; the
/// transaction is one durable commit of `catalog.db`. So the head always leads to whole data, and whatever a killed
/// attempt leaves is a file that no commit names, under a name that says whose it is.
///
/// Published files are in no write-ahead mode and have no side files: any SQLite tool opens them, also in a folder that
/// cannot be written.
public final class SqliteDatastore implements Datastore {
    static final String CATALOG = "catalog.db";

    private final Catalog catalog;
    private final VersionFiles files;
    private final VersionBuilder builder;
    private final PageLoading pages;
    private final StagedFile staged;
    private final CurrentLink link = new CurrentLink(CurrentLink.WAYS);

    SqliteDatastore(Path dataFolder, SqliteDatabase database, PageLoading pages) {
        files = new VersionFiles(dataFolder);
        builder = new VersionBuilder(files, pages);
        this.pages = pages;
        staged = new StagedFile(files);
        catalog = new Catalog(database, new HistoryLog(files));
    }

    /// Opens the datastore in a folder, making it if it is missing.
    ///
    /// @param ids names the probe by which it is found out whether the folder can be written
    /// @throws Unavailable `STORE_READ_ONLY` or `DISK_FULL` naming the folder, `JOURNAL_TOO_NEW` or `STORE_CORRUPT`
    /// naming the catalog
    public static SqliteDatastore open(Path dataFolder, IdSource ids) {
        return open(dataFolder, ids, PageLoading.alone());
    }

    /// Opens the datastore in a folder, making it if it is missing.
    ///
    /// @param ids   names the probe by which it is found out whether the folder can be written
    /// @param cores on which rows become pages; the caller's
    /// @throws Unavailable as the other `open` does
    public static SqliteDatastore open(Path dataFolder, IdSource ids, Cores cores) {
        return open(dataFolder, ids, PageLoading.on(cores));
    }

    /// For tests that choose how tables are loaded.
    static SqliteDatastore open(Path dataFolder, IdSource ids, PageLoading pages) {
        try {
            DurableFiles.createFolders(dataFolder);
            WriteProbe.of(dataFolder, ".probe-", ids.next());
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        }
        return new SqliteDatastore(
                dataFolder, SqliteDatabase.open(dataFolder.resolve(CATALOG), CatalogSchema.MIGRATIONS), pages);
    }

    /// For tests that look at the file itself.
    SqliteDatabase database() {
        return catalog.database();
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
        Path file = files.published(VersionName.of(commit));
        try {
            if (!Files.isRegularFile(file) || files.guarded(() -> Files.size(file)) != commit.bytes()) {
                return false;
            }
            return StagedFile.whole(file)
                    .filter(manifest -> manifest.name().equals(VersionName.of(commit))
                            && manifest.columns().equals(commit.columns())
                            && manifest.staged().rows() == commit.rows()
                            && catalog.digest(commit.id())
                                    .equals(Optional.of(manifest.staged().digest())))
                    .isPresent();
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    @Override
    public Staged stage(StagingPlan plan, TypedTable rows, Progress progress) throws JobFailure, IOException {
        return builder.stage(plan, rows, progress);
    }

    @Override
    public Optional<TableDraft> draft(Path place, List<Column> columns) throws IOException {
        return pages.isOn() && files.canBeMovedHere(place)
                ? Optional.of(new PageDraft(place, pages, columns))
                : Optional.empty();
    }

    @Override
    public Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure {
        return builder.stageCopy(plan, earlier);
    }

    @Override
    public void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure {
        builder.index(plan, indexes);
    }

    @Override
    public Staged seal(StagingPlan plan, Staged expected) throws JobFailure {
        return staged.seal(plan, expected);
    }

    /// What a killed publication moved already counts as staged until a commit names it.
    @Override
    public StagedReading staged(StagingPlan plan) {
        return catalog.isCommitted(plan.commit()) ? new StagedReading.Absent() : staged.read(plan);
    }

    /// Looks where files come from before where they go to, so that none is missed. Something foreign under our
    /// name stays, and is not counted.
    @Override
    public boolean dropStaged(DatasetId dataset, OperationId operation) {
        boolean dropped = false;
        for (Path file : files.staged(dataset)) {
            dropped |= ours(dataset, operation, file).isPresent() && files.remove(FaultPoint.STAGE_DROP, file);
        }
        for (Path file : files.moved(dataset)) {
            Optional<VersionName> name = ours(dataset, operation, file);
            dropped |= name.isPresent()
                    && catalog.unlessCommitted(name.get().commit(), () -> files.remove(FaultPoint.STAGE_DROP, file));
        }
        return dropped;
    }

    private Optional<VersionName> ours(DatasetId dataset, OperationId operation, Path file) {
        return VersionName.read(dataset, file.getFileName().toString())
                .filter(name -> name.operation().equals(operation) && staged.isOurs(name, file));
    }

    @Override
    public List<StagedObject> stagedObjects() {
        var objects = new ArrayList<StagedObject>();
        for (DatasetId dataset : files.datasets()) {
            var found = new ArrayList<Path>(files.staged(dataset));
            found.addAll(files.moved(dataset));
            // Asked after the files were listed: what is published meanwhile is not reported as an orphan.
            for (Path file : found) {
                VersionName.read(dataset, file.getFileName().toString())
                        .filter(name -> !catalog.isCommitted(name.commit()))
                        .ifPresent(
                                name -> objects.add(new StagedObject(dataset, name.operation(), files.relative(file))));
            }
        }
        return List.copyOf(objects);
    }

    /// The transaction first, then the file: killed in between, the same call removes the file, which no head names
    /// any more.
    @Override
    public boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision) {
        if (!catalog.deleteLive(dataset, epoch, operation, base, dictionaryRevision)) {
            return false;
        }
        Optional.ofNullable(base)
                .flatMap(catalog::commit)
                .ifPresent(commit -> files.remove(FaultPoint.LIVE_REMOVE, files.published(VersionName.of(commit))));
        try {
            expose(dataset);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, files.folder(dataset)), failed);
        }
        return true;
    }

    /// Killed between the move and the transaction it leaves an unpublished file that [#staged] and [#dropStaged]
    /// find; killed after the commit it is published.
    @Override
    public PublishResult publish(Publication publication) {
        // Asked beforehand only to spare the move; what counts is asked again inside the transaction.
        Optional<PublishResult> known = catalog.verdict(publication);
        if (known.isPresent()) {
            return known.get();
        }
        VersionName name = VersionName.of(publication.staging());
        files.moveToPublished(name);
        return catalog.publish(publication, files.published(name));
    }

    /// Looks first without keeping others from writing: at nearly every sweep there is nothing to do.
    @Override
    public void expose(DatasetId dataset) throws IOException {
        Path folder = files.folder(dataset);
        if (isExposed(folder, catalog.state(dataset))) {
            return;
        }
        catalog.whileStill(dataset, now -> {
            FaultPoint.PUBLISH_EXPOSE.before();
            if (now.presence() == Presence.LIVE && now.head().isPresent()) {
                link.pointTo(folder, files.published(VersionName.of(now.head().get())));
            } else {
                link.remove(folder);
            }
            FaultPoint.PUBLISH_EXPOSE.after();
        });
    }

    private boolean isExposed(Path folder, DatasetState now) {
        return (now.presence() == Presence.LIVE && now.head().isPresent())
                ? CurrentLink.leadsTo(
                        folder, files.published(VersionName.of(now.head().get())))
                : !VersionFiles.isThere(folder.resolve(CurrentLink.NAME));
    }

    @Override
    public boolean editDictionary(DatasetId dataset, long expectedRevision, DictionaryDocument dictionary) {
        return catalog.editDictionary(dataset, expectedRevision, dictionary);
    }

    /// Writes the dataset's history log anew from the catalog: for one that was lost or damaged.
    public void rewriteHistory(DatasetId dataset) {
        catalog.rewriteHistory(dataset);
    }

    @Override
    public int retire(DatasetId dataset, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least one version is kept, not " + keep);
        }
        // The head is the newest, so it is never among the older ones. Asked of the files that are there, not of the
        // history, which only grows.
        int oldestKept = catalog.oldestKept(dataset, keep);
        return (int) files.moved(dataset).stream()
                .filter(file -> VersionName.read(dataset, file.getFileName().toString())
                        .filter(name -> name.version() < oldestKept && catalog.isCommitted(name.commit()))
                        .isPresent())
                .filter(file -> files.remove(FaultPoint.VERSION_RETIRE, file))
                .count();
    }

    @Override
    public List<List<@Nullable Object>> preview(Commit commit, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        Path file = files.published(VersionName.of(commit));
        try (Connection connection = SqliteConnections.reading(file)) {
            TableLayout layout = TableLayout.read(connection, commit.dataset(), commit.columns());
            String columns = String.join(", ", layout.quotedColumns());
            String sql = "SELECT " + columns + " FROM " + SqlNames.quoted(layout.table()) + " ORDER BY _id LIMIT ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, limit);
                return rows(layout, statement.executeQuery());
            }
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    private static List<List<@Nullable Object>> rows(TableLayout layout, ResultSet results) throws SQLException {
        var rows = new ArrayList<List<@Nullable Object>>();
        while (results.next()) {
            var row = new ArrayList<@Nullable Object>();
            for (int at = 0; at < layout.columns().size(); at++) {
                row.add(layout.columns().get(at).read(results, at + 1));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return rows;
    }

    @Override
    public Optional<Path> file(Commit commit) {
        return Optional.of(files.published(VersionName.of(commit))).filter(Files::isRegularFile);
    }

    @Override
    public void close() {
        pages.close();
        catalog.close();
    }
}
