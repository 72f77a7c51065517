package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tables that are being made do not get into each other's way: neither their names nor the connections they
/// are made over.
@ExtendWith(TestDatabases.class)
final class StagedTablesTest {
    private static final long PATIENCE_SECONDS = 120;

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final IdSource ids = DatasetScript.ids();

    StagedTablesTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.opened(database, schemas);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private DatasetScript dataset(String name) {
        var script = new DatasetScript(store, name, ids);
        store.fence(script.dataset(), new Epoch(1));
        return script;
    }

    /// The server makes up the names of indexes from those of table and column, cut to 63 bytes: of these
    /// they would be the same, and indexes of one schema have different names.
    @Test
    void indexesOfDatasetsThatAreCalledAlikeHaveDifferentNames() throws Exception {
        String key = "k".repeat(63);
        List<Column> columns = List.of(Column.of(key, ColumnType.INTEGER));
        for (String last : List.of("1", "2")) {
            DatasetScript dataset = dataset("measurements-of-the-air-" + last);
            StagingPlan plan = dataset.plan(Mode.REPLACE, columns, key);
            Staged staged = store.stage(plan, new ListRows(List.of(row(1L))), Progress.SILENT);
            store.index(plan, List.of(new IndexPlan(List.of(key), true)));

            PublishResult result = store.publish(dataset.publication(plan, store.seal(plan, staged)));

            assertThat(result).isInstanceOf(PublishResult.Published.class);
        }
        assertThat(database.texts(
                        "SELECT indexname FROM pg_indexes WHERE schemaname = '%s'".formatted(schemas.versions())))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    /// Rows that come when they are allowed to.
    private record Waiting(CountDownLatch begun, Semaphore gate) implements TypedTable {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public long rowsBefore(int part) {
            return 0;
        }

        @Override
        public long rows() {
            return 1;
        }

        @Override
        public void read(int part, RowSink sink) throws IOException {
            begun.countDown();
            gate.acquireUninterruptibly();
            sink.integer(0, 7);
            try {
                sink.endRow();
            } catch (dev.belay.job.JobFailure never) {
                throw new IOException(never);
            } finally {
                gate.release();
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void loadsLeaveAConnectionForThoseWhoDecide() throws Exception {
        List<Column> columns = DatasetScript.columns(ColumnType.INTEGER);
        var begun = new CountDownLatch(PostgresDatastores.CONNECTIONS - 1);
        var gate = new Semaphore(0);
        var loads = new ArrayList<Future<?>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int at = 0; at < PostgresDatastores.CONNECTIONS + 2; at++) {
                    DatasetScript dataset = dataset("data-" + at);
                    StagingPlan plan = dataset.plan(Mode.REPLACE, columns);
                    loads.add(executor.submit(() -> store.stage(plan, new Waiting(begun, gate), Progress.SILENT)));
                }
                assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

                store.fence(new DatasetId("other"), new Epoch(3));

                assertThat(store.state(new DatasetId("other")).fence()).isEqualTo(new Epoch(3));
                assertThat(loads).noneMatch(Future::isDone);
            } finally {
                gate.release();
            }
            for (Future<?> load : loads) {
                load.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /// Each needs two connections: of those that hold one, none may wait for its second.
    @Test
    void loadsOnABaseDoNotWaitForEachOthersSecondConnection() throws Exception {
        List<Column> columns = DatasetScript.columns(ColumnType.INTEGER);
        var plans = new ArrayList<StagingPlan>();
        for (int at = 0; at < 2 * PostgresDatastores.CONNECTIONS; at++) {
            DatasetScript dataset = dataset("data-" + at);
            dataset.loadAll(Mode.REPLACE, columns, List.of(), List.of(row(1L)));
            plans.add(dataset.plan(Mode.APPEND, columns));
        }
        var start = new CountDownLatch(1);
        var loads = new ArrayList<Future<Staged>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (StagingPlan plan : plans) {
                loads.add(executor.submit(() -> {
                    start.await();
                    return store.stage(plan, new ListRows(List.of(row(2L))), Progress.SILENT);
                }));
            }
            start.countDown();
            for (Future<Staged> load : loads) {
                assertThat(load.get(PATIENCE_SECONDS, TimeUnit.SECONDS).rows()).isEqualTo(2);
            }
        }
    }
}
