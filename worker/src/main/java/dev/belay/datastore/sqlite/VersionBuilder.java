package dev.belay.datastore.sqlite;

import dev.belay.datastore.Commit;
import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.fault.FaultPoint;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import dev.belay.sql.SqliteConnections;
import dev.belay.sql.SqliteFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Builds version files under their unfinished names.
///
/// Killed anywhere it leaves at most the unfinished file, whose name holds the operation; when it fails it removes
/// it.
final class VersionBuilder {
    private final VersionFiles files;
    private final PageLoading pages;

    /// @param pages how tables are loaded that begin with nothing
    VersionBuilder(VersionFiles files, PageLoading pages) {
        this.files = files;
        this.pages = pages;
    }

    Staged stage(StagingPlan plan, TypedTable rows, Progress progress) throws JobFailure, IOException {
        IncomingRows.refuseContradictions(plan);
        Path file = freshFile(plan);
        var incoming = new Incoming(plan, rows, progress);
        boolean isReplacement = plan.mode() == Mode.REPLACE;
        return orRemove(
                file, () -> isReplacement && pages.isOn() ? writePages(file, incoming) : insert(file, incoming));
    }

    /// The table is written without SQLite, which then opens the file and adds the manifest.
    private Staged writePages(Path file, Incoming incoming) throws JobFailure, IOException, SQLException {
        StagingPlan plan = incoming.plan();
        Staged staged = pages.load(file, incoming, TableLayout.of(plan.dataset(), plan.columns()));
        try (Connection connection = SqliteConnections.building(file)) {
            var session = new Session(connection);
            session.update("BEGIN");
            Manifest.of(plan, plan.columns(), staged).write(connection);
            commit(session);
            return staged;
        }
    }

    private Staged insert(Path file, Incoming incoming) throws JobFailure, IOException, SQLException {
        StagingPlan plan = incoming.plan();
        Optional<BaseRows> base = plan.mode() == Mode.REPLACE ? Optional.empty() : base(plan);
        boolean copied = base.isPresent() && base.get().canBeCopied();
        if (copied) {
            copy(base.get().file(), file);
        }
        TableLayout layout = base.map(BaseRows::target).orElseGet(() -> TableLayout.of(plan.dataset(), plan.columns()));
        try (Connection connection = SqliteConnections.building(file)) {
            var session = new Session(connection);
            if (base.isPresent() && !copied) {
                session.update(
                        "ATTACH DATABASE ? AS base",
                        SqliteConnections.readOnlyUri(base.get().file()));
            }
            session.update("BEGIN");
            if (!copied) {
                session.update(layout.createTable());
            }
            if (base.isPresent() && !copied) {
                base.get().insertInto(connection);
            }
            Staged staged = load(connection, incoming, layout);
            Manifest.of(plan, plan.columns(), staged).write(connection);
            commit(session);
            return staged;
        }
    }

    private static Staged load(Connection connection, Incoming incoming, TableLayout layout)
            throws JobFailure, IOException, SQLException {
        StagingPlan plan = incoming.plan();
        var indexes = new TableIndexes(connection, layout);
        boolean upsert = plan.mode() == Mode.UPSERT;
        indexes.dropUnique(upsert ? plan.key() : List.of());
        long before = layout.rows(connection);
        if (upsert) {
            indexes.makeUnique(plan.key());
            countReplaced(connection, layout, before);
        }
        List<String> key = upsert ? plan.key().stream().map(SqlNames::quoted).toList() : List.of();
        IncomingRows walked;
        try (var inserter = new RowInserter(connection, layout, key)) {
            walked = incoming.readInto(inserter);
            inserter.finish();
        } catch (RowInserter.Refused refused) {
            throw refused.failed();
        }
        long after = layout.rows(connection);
        long loaded = upsert ? after - before + replaced(connection) : walked.count();
        return new Staged(
                after,
                loaded,
                walked.count() - loaded + incoming.rows().deduplicated(),
                0,
                walked.digest().finish());
    }

    // Which rows of the base are replaced, each counted once however often the source names it. A temporary trigger and
    // table of this connection: nothing of them is in the file. (OR IGNORE would not do: inside a trigger the conflict
    // clause of the outer statement stands.)
    private static void countReplaced(Connection connection, TableLayout layout, long baseRows) throws SQLException {
        var session = new Session(connection);
        session.update("CREATE TEMP TABLE _belay_replaced (_id INTEGER PRIMARY KEY)");
        session.update("""
                CREATE TEMP TRIGGER _belay_counts AFTER UPDATE ON main.%s WHEN old._id <= %d
                BEGIN
                  INSERT INTO _belay_replaced SELECT old._id
                  WHERE NOT EXISTS (SELECT 1 FROM _belay_replaced AS known WHERE known._id = old._id);
                END
                """.formatted(layout.quotedTable(), baseRows));
    }

    private static long replaced(Connection connection) throws SQLException {
        return new Session(connection)
                .first("SELECT count(*) AS n FROM temp._belay_replaced", row -> row.number("n"))
                .orElseThrow();
    }

    Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure {
        if (!plan.columns().equals(earlier.columns())) {
            throw new IllegalArgumentException("a copy has the columns of version " + earlier.version());
        }
        Path file = freshFile(plan);
        try {
            return orRemove(file, () -> {
                copy(files.published(VersionName.of(earlier)), file);
                try (Connection connection = SqliteConnections.building(file)) {
                    Staged old = Manifest.read(connection).staged();
                    var staged = new Staged(old.rows(), old.rows(), 0, 0, old.digest());
                    new Session(connection).update("BEGIN");
                    Manifest.of(plan, plan.columns(), staged).write(connection);
                    commit(new Session(connection));
                    return staged;
                } catch (IllegalArgumentException notOurs) {
                    throw damaged(files.published(VersionName.of(earlier)), notOurs);
                }
            });
        } catch (IOException onlyRowsThrowIt) {
            throw new IllegalStateException(onlyRowsThrowIt);
        }
    }

    private static void commit(Session session) throws SQLException {
        FaultPoint.STAGE_COMMIT.before(SqliteFailures::injected);
        session.update("COMMIT");
        FaultPoint.STAGE_COMMIT.after(SqliteFailures::injected);
    }

    /// Each index is a transaction of its own, with a roll-back journal in memory: one that fails leaves the rest
    /// whole.
    void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure {
        Path file = files.building(VersionName.of(plan));
        if (!VersionFiles.isThere(file)) {
            throw new IllegalStateException(file + " was not staged");
        }
        if (indexes.isEmpty()) {
            return;
        }
        try (Connection connection = SqliteConnections.building(file)) {
            new Session(connection).list("PRAGMA journal_mode = MEMORY", row -> true);
            var made = new TableIndexes(connection, TableLayout.read(connection, plan.dataset(), plan.columns()));
            for (IndexPlan index : indexes) {
                FaultPoint.STAGE_INDEX.before(SqliteFailures::injected);
                made.make(index);
                FaultPoint.STAGE_INDEX.after(SqliteFailures::injected);
            }
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    private Path freshFile(StagingPlan plan) {
        VersionName name = VersionName.of(plan);
        for (Path taken : List.of(files.building(name), files.sealed(name), files.published(name))) {
            if (VersionFiles.isThere(taken)) {
                throw new IllegalStateException(taken + " is already there and is never adopted");
            }
        }
        files.prepare(name);
        // Exclusively: should another have been faster after all, this throws before anything here may be removed.
        return files.guarded(() -> {
            FaultPoint.STAGE_CREATE.before();
            Path file = Files.createFile(files.building(name));
            FaultPoint.STAGE_CREATE.after();
            return file;
        });
    }

    private Optional<BaseRows> base(StagingPlan plan) throws JobFailure, SQLException {
        if (plan.base().isEmpty()) {
            return Optional.empty();
        }
        Path file = files.published(VersionName.of(plan.base().get()));
        try {
            return Optional.of(BaseRows.read(file, plan.dataset(), plan.columns()));
        } catch (IllegalArgumentException notOurs) {
            throw damaged(file, notOurs);
        } catch (SQLException failed) {
            if (!VersionFiles.isThere(file)) {
                throw damaged(file, failed);
            }
            throw failed;
        }
    }

    private static JobFailure damaged(Path file, Exception cause) {
        return new JobFailure(
                new Failure.Corrupt(
                        FailureCode.STORE_CORRUPT,
                        "%s is missing or not what was published".formatted(file),
                        Place.NONE),
                cause);
    }

    // A reflink where the file system has them: the JDK asks the kernel to copy.
    private void copy(Path from, Path to) throws JobFailure {
        boolean copied = files.guarded(() -> {
            try {
                FaultPoint.STAGE_COPY.before();
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
                FaultPoint.STAGE_COPY.after();
                return true;
            } catch (NoSuchFileException gone) {
                return false;
            }
        });
        if (!copied) {
            throw JobFailure.permanent(
                    FailureCode.VERSION_NOT_FOUND, "%s is not kept any more".formatted(from.getFileName()));
        }
    }

    private Staged orRemove(Path file, Build build) throws JobFailure, IOException {
        boolean whole = false;
        try {
            Staged staged = build.run();
            whole = true;
            return staged;
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            if (!whole) {
                files.remove(FaultPoint.STAGE_DROP, file);
            }
        }
    }

    /// What is done while only the unfinished file may exist.
    @FunctionalInterface
    private interface Build {
        Staged run() throws JobFailure, IOException, SQLException;
    }
}
