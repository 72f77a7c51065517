package dev.belay.datastore.postgres;

import dev.belay.datastore.Commit;
import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.RowDigest;
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
import dev.belay.sql.PostgresDatabase;
import dev.belay.sql.PostgresFailures;
import dev.belay.sql.Session;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Builds staged tables. Each with its rows, its primary key and its manifest is one transaction, so that a
/// kill leaves nothing; what is left of a table is whole.
///
/// Rows go in frozen: see [VersionTables#copy]. The server takes frozen rows only by COPY, so those of a
/// base go through here too, from a second connection.
final class VersionBuilder {
    private static final int SAMPLE = 1000;

    private final PostgresDatabase database;
    private final Schemas schemas;
    private final Layout layout;
    private final Loading loading;

    VersionBuilder(PostgresDatabase database, Schemas schemas, Layout layout, Loading loading) {
        this.database = database;
        this.schemas = schemas;
        this.layout = layout;
        this.loading = loading;
    }

    /// Types are tried that keep the values as they are written; when some do not, all is done again with
    /// others.
    Staged stage(StagingPlan plan, TypedTable rows, Progress progress) throws JobFailure, IOException {
        IncomingRows.refuseContradictions(plan);
        layout.refuseImpossible(plan.columns());
        refuseTaken(plan);
        var incoming = new Incoming(plan, rows, progress);
        Optional<Manifest> base = plan.mode() == Mode.REPLACE ? Optional.empty() : base(plan);
        var fixed = new BitSet();
        List<StoredColumn> columns = sampled(incoming, beginning(plan, base, fixed), fixed);
        while (true) {
            List<StoredColumn> tried = columns;
            boolean isAlone = isAlone(plan, base);
            try {
                return loading.turns().with(isAlone ? 1 : 2, () -> attempt(incoming, base, tried, fixed));
            } catch (NotAsWritten other) {
                columns = other.columns();
            }
        }
    }

    private static List<StoredColumn> beginning(StagingPlan plan, Optional<Manifest> base, BitSet fixed) {
        var columns = new ArrayList<StoredColumn>();
        for (int at = 0; at < plan.columns().size(); at++) {
            var column = plan.columns().get(at);
            Optional<StoredColumn> old = base.stream()
                    .flatMap(manifest -> manifest.columns().stream())
                    .filter(known -> known.column().name().equals(column.name())
                            && known.column().type() == column.type())
                    .findFirst();
            columns.add(old.map(known -> new StoredColumn(column, known.type(), known.form()).incoming())
                    .orElseGet(() -> StoredColumn.of(column)));
            fixed.set(at, old.isPresent());
        }
        return columns;
    }

    /// The columns as the first rows would have them: mostly all rows are written like these.
    private static List<StoredColumn> sampled(Incoming incoming, List<StoredColumn> columns, BitSet fixed)
            throws JobFailure, IOException {
        if (incoming.rows().parts() == 0) {
            return columns;
        }
        var sample = new BinaryRows(columns, fixed, 0, null) {
            @Override
            public void endRow() throws JobFailure, IOException {
                super.endRow();
                if (rows() == SAMPLE) {
                    throw new Enough();
                }
            }
        };
        try {
            incoming.rows().read(0, new IncomingRows(incoming.plan(), 0, sample, Progress.SILENT));
        } catch (Enough seen) {
            return sample.seen().columns();
        }
        return sample.seen().columns();
    }

    /// Ends the reading of a sample.
    private static final class Enough extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private boolean isAlone(StagingPlan plan, Optional<Manifest> base) {
        return layout.isDirect() && base.isEmpty() && plan.mode() != Mode.UPSERT;
    }

    private Staged attempt(Incoming incoming, Optional<Manifest> base, List<StoredColumn> columns, BitSet fixed)
            throws JobFailure, IOException {
        StagingPlan plan = incoming.plan();
        List<StoredColumn> kept = database.read(session -> layout.kept(session, columns));
        if (isAlone(plan, base)) {
            return loading(plan, kept, connection -> {
                String table = created(connection, plan, kept);
                return rows(connection, table, incoming, new Incoming.Taken(columns, fixed, 0));
            });
        }
        return database.aside(aside -> loading(plan, kept, connection -> {
            if (!layout.isDirect()) {
                // People write where they read: what was counted is what is copied.
                new Session(aside).update("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            }
            BaseRows old = base.isEmpty()
                    ? BaseRows.none(columns)
                    : BaseRows.of(
                            new BaseRows.Readers(aside, connection),
                            base.get(),
                            layout.table(new Session(connection), base.get()),
                            columns,
                            layout.isDirect() ? BaseRows.Numbers.KEPT : BaseRows.Numbers.ANEW);
            if (plan.mode() == Mode.UPSERT) {
                return upsert(aside, connection, incoming, old, new Incoming.Taken(columns, fixed, 0));
            }
            var taken = new Incoming.Taken(columns, fixed, old.rows());
            return layout.isDirect()
                    ? append(aside, connection, incoming, old, taken)
                    : beside(aside, connection, incoming, old, taken);
        }));
    }

    private Staged append(
            Connection aside, Connection connection, Incoming incoming, BaseRows old, Incoming.Taken taken)
            throws SQLException, JobFailure, IOException {
        String table = created(connection, incoming.plan(), taken.columns());
        copyAll(aside, connection, old.query() + " ORDER BY _id", table, taken.columns());
        return rows(connection, table, incoming, taken);
    }

    private Staged upsert(
            Connection aside, Connection connection, Incoming incoming, BaseRows old, Incoming.Taken taken)
            throws SQLException, JobFailure, IOException {
        var session = new Session(aside);
        var merge = new UpsertRows(session, taken.columns(), old, IncomingRows.keyColumns(incoming.plan()));
        merge.refuseSharedKeys();
        RowDigest walked = readBeside(aside, incoming, taken);
        long keys = merge.prepare();
        List<StoredColumn> kept = layout.kept(session, taken.columns());
        String table = created(connection, incoming.plan(), kept);
        long rows = copyAll(aside, connection, layout.query(merge.query(), taken.columns(), kept), table, kept);
        return incoming.staged(rows, keys, walked);
    }

    /// Rows of a base and of the source by way of a table beside the version's.
    private Staged beside(
            Connection aside, Connection connection, Incoming incoming, BaseRows old, Incoming.Taken taken)
            throws SQLException, JobFailure, IOException {
        RowDigest walked = readBeside(aside, incoming, taken);
        List<StoredColumn> kept = layout.kept(new Session(aside), taken.columns());
        String table = created(connection, incoming.plan(), kept);
        String all = old.query() + " UNION ALL SELECT * FROM " + UpsertRows.INCOMING;
        long rows = copyAll(aside, connection, layout.query(all, taken.columns(), kept), table, kept);
        refuseOther(rows, old.rows() + walked.rows());
        return incoming.staged(rows, walked.rows(), walked);
    }

    private RowDigest readBeside(Connection aside, Incoming incoming, Incoming.Taken taken)
            throws SQLException, JobFailure, IOException {
        VersionTables.createNumbered(new Session(aside), UpsertRows.INCOMING, taken.columns());
        try (var copy = new CopyTarget(aside, VersionTables.copyNumbered(UpsertRows.INCOMING, incoming.order()))) {
            copy.begin();
            RowDigest walked = incoming.readInto(copy, loading.cores(), taken);
            refuseOther(copy.end(), walked.rows());
            return walked;
        }
    }

    private String created(Connection connection, StagingPlan plan, List<StoredColumn> kept) throws SQLException {
        String table = schemas.staged(Schemas.table(plan));
        FaultPoint.STAGE_CREATE.before(PostgresFailures::injected);
        layout.create(new Session(connection), table, kept);
        FaultPoint.STAGE_CREATE.after(PostgresFailures::injected);
        return table;
    }

    private Staged rows(Connection connection, String table, Incoming incoming, Incoming.Taken taken)
            throws SQLException, JobFailure, IOException {
        try (var copy = new CopyTarget(connection, layout.copy(table, taken.columns(), incoming.order()))) {
            copy.begin();
            RowDigest walked = incoming.readInto(copy, loading.cores(), taken);
            refuseOther(copy.end(), walked.rows());
            return incoming.staged(taken.before() + walked.rows(), walked.rows(), walked);
        }
    }

    private long copyAll(Connection from, Connection to, String query, String table, List<StoredColumn> kept)
            throws SQLException {
        FaultPoint.STAGE_COPY.before(PostgresFailures::injected);
        try (var copy = new CopyTarget(to, layout.copy(table, kept, IntStream.range(0, kept.size())))) {
            copy.writeAll(from, query);
            long rows = copy.finish();
            FaultPoint.STAGE_COPY.after(PostgresFailures::injected);
            return rows;
        }
    }

    private static void refuseOther(long taken, long given) {
        if (taken != given) {
            throw new IllegalStateException("%d rows were given, the server took %d".formatted(given, taken));
        }
    }

    Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure {
        if (!plan.columns().equals(earlier.columns())) {
            throw new IllegalArgumentException("a copy has the columns of version " + earlier.version());
        }
        refuseTaken(plan);
        Manifest old = database.read(session -> kept(session, earlier)).orElseThrow(() -> notKept(earlier));
        String source = database.read(session -> layout.table(session, old));
        try {
            return loading.turns()
                    .with(
                            2,
                            () -> database.aside(aside -> loading(plan, old.columns(), connection -> {
                                List<IndexPlan> indexes = new TableIndexes(source, old.commit(), old.columns())
                                        .existing(new Session(aside));
                                String table = created(connection, plan, old.columns());
                                long rows = copyAll(
                                        aside,
                                        connection,
                                        "SELECT %s FROM %s ORDER BY _id"
                                                .formatted(layout.copied(old.columns()), source),
                                        table,
                                        old.columns());
                                if (rows != old.staged().rows()) {
                                    throw notKept(earlier);
                                }
                                var made = new TableIndexes(table, plan.commit(), old.columns());
                                for (IndexPlan index : indexes) {
                                    make(made, new Session(connection), index);
                                }
                                return new Staged(rows, rows, 0, 0, old.staged().digest());
                            })));
        } catch (IOException onlyRowsThrowIt) {
            throw new IllegalStateException(onlyRowsThrowIt);
        }
    }

    private static JobFailure notKept(Commit earlier) {
        return JobFailure.permanent(
                FailureCode.VERSION_NOT_FOUND,
                "version %d of %s is not kept any more".formatted(earlier.version(), earlier.dataset()));
    }

    private static void make(TableIndexes indexes, Session session, IndexPlan index) throws JobFailure, SQLException {
        try {
            indexes.make(session, index);
        } catch (TableIndexes.NotUnique impossible) {
            throw new IllegalStateException("a copy is not like its original", impossible);
        }
    }

    /// Each index is a transaction of its own: one that fails leaves the rest whole.
    void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure {
        Manifest manifest = database.read(session -> Manifest.find(session, plan.commit()))
                .filter(found -> found.isOf(plan))
                .orElseThrow(() -> new IllegalStateException(Schemas.table(plan) + " was not staged"));
        var made = new TableIndexes(schemas.staged(manifest.table()), manifest.commit(), manifest.columns());
        try {
            for (IndexPlan index : indexes) {
                make(made, index);
            }
        } catch (IOException onlyRowsThrowIt) {
            throw new IllegalStateException(onlyRowsThrowIt);
        }
    }

    private void make(TableIndexes made, IndexPlan index) throws JobFailure, IOException {
        Optional<TableIndexes.NotUnique> shared = loading.turns()
                .with(
                        1,
                        () -> database.load(FaultPoint.STAGE_INDEX, connection -> {
                            try {
                                made.make(new Session(connection), index);
                                return Optional.<TableIndexes.NotUnique>empty();
                            } catch (TableIndexes.NotUnique refused) {
                                connection.rollback();
                                return Optional.of(refused);
                            } catch (SQLException failed) {
                                throw tooLarge(failed);
                            }
                        }));
        if (shared.isPresent()) {
            throw database.<JobFailure>aside(
                    connection -> made.sharedKey(new Session(connection), index, shared.get()));
        }
    }

    /// Makes a table in one transaction with its primary key and its manifest.
    private Staged loading(StagingPlan plan, List<StoredColumn> columns, PostgresDatabase.Loading<Staged> rows)
            throws JobFailure, IOException {
        return database.load(FaultPoint.STAGE_COMMIT, connection -> {
            try {
                Staged staged = rows.on(connection);
                var session = new Session(connection);
                layout.finish(session, plan, columns);
                Manifest.insert(session, plan, columns, staged);
                return staged;
            } catch (CopyRefused refused) {
                throw tooLarge(refused.failed());
            } catch (SQLException failed) {
                throw tooLarge(failed);
            }
        });
    }

    /// What exceeds one of the server's limits is the rows' fault.
    ///
    /// @return any other failure as it is
    private static SQLException tooLarge(SQLException failed) throws JobFailure {
        String state = failed.getSQLState();
        if (state != null && state.startsWith("54")) {
            throw new JobFailure(
                    new Failure.Permanent(
                            FailureCode.ROW_TOO_LARGE,
                            "a row, or the key of one, is larger than PostgreSQL can store (%s)".formatted(state),
                            Place.NONE),
                    failed);
        }
        return failed;
    }

    private void refuseTaken(StagingPlan plan) {
        String table = Schemas.table(plan);
        boolean isTaken =
                database.read(session -> Manifest.find(session, plan.commit()).isPresent()
                        || VersionTables.isThere(session, schemas.staged(table))
                        || VersionTables.isThere(session, schemas.published(table)));
        if (isTaken) {
            throw new IllegalStateException(table + " is already there and is never adopted");
        }
    }

    private Optional<Manifest> base(StagingPlan plan) throws JobFailure {
        if (plan.base().isEmpty()) {
            return Optional.empty();
        }
        Commit base = plan.base().get();
        Optional<Manifest> manifest = database.read(session -> kept(session, base));
        if (manifest.isEmpty()) {
            throw new JobFailure(new Failure.Corrupt(
                    FailureCode.STORE_CORRUPT,
                    "version %d of %s is missing or not what was published".formatted(base.version(), base.dataset()),
                    Place.NONE));
        }
        return manifest;
    }

    /// The manifest of a published version whose table is there with its columns.
    private Optional<Manifest> kept(Session session, Commit commit) throws SQLException {
        Optional<Manifest> manifest = Manifest.find(session, commit.id());
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        String table = layout.table(session, manifest.get());
        return VersionTables.isThere(session, table) && layout.hasItsColumns(session, manifest.get(), table)
                ? manifest
                : Optional.empty();
    }
}
