package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Mode;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// How long a publication takes while many read the dataset without a pause, and how long their reads take.
/// Run by hand: a loaded machine makes any time long, so no test measures one.
public final class SwapTimes {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER, ColumnType.INTEGER);
    private static final int ROWS = 1000;
    private static final double MILLION = 1e6;

    private SwapTimes() {}

    /// @param arguments readers (100) and publications (100)
    public static void main(String[] arguments) throws Exception {
        int readers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int publications = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        try (TestPostgres server = TestPostgres.durable();
                TestDatabase database = TestDatabase.on(server, "belay_swap_times")) {
            Schemas schemas = PostgresDatastores.schemas(database);
            try (PostgresDatastore store = PostgresDatastores.opened(database, schemas)) {
                measure(database, schemas, store, readers, publications);
            }
        }
    }

    private static void measure(
            TestDatabase database, Schemas schemas, PostgresDatastore store, int readers, int publications)
            throws Exception {
        var air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
        store.publish(next(air, 1));
        long[] swaps = new long[publications];
        var reads = new ArrayList<Future<long[]>>();
        var isOver = new AtomicBoolean();
        var begun = new CountDownLatch(readers);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int reader = 0; reader < readers; reader++) {
                reads.add(executor.submit(() -> reads(database, schemas.live(air.dataset()), isOver, begun)));
            }
            try {
                begun.await();
                for (int at = 0; at < publications; at++) {
                    Publication next = next(air, at + 2L);
                    long start = System.nanoTime();
                    if (!(store.publish(next) instanceof PublishResult.Published)) {
                        throw new IllegalStateException("nobody else publishes");
                    }
                    swaps[at] = System.nanoTime() - start;
                    store.retire(air.dataset(), 2);
                }
            } finally {
                isOver.set(true);
            }
            var all = LongStream.builder();
            for (Future<long[]> read : reads) {
                LongStream.of(read.get()).forEach(all::add);
            }
            print("publications", swaps);
            print("reads of %d readers".formatted(readers), all.build().toArray());
        }
    }

    private static Publication next(DatasetScript air, long size) throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        @SuppressWarnings({"unchecked", "rawtypes"})
        List<@Nullable Object>[] rows =
                LongStream.range(0, ROWS).mapToObj(at -> row(at, size)).toArray(List[]::new);
        return air.publication(plan, air.sealed(plan, rows));
    }

    private static long[] reads(TestDatabase database, String view, AtomicBoolean isOver, CountDownLatch begun)
            throws Exception {
        var times = LongStream.builder();
        try (Connection connection = database.connect();
                var statement = connection.prepareStatement(
                        "SELECT count(*), min(b), max(b) FROM (SELECT b FROM %s LIMIT 100) AS first_rows"
                                .formatted(view))) {
            long last = 0;
            while (!isOver.get()) {
                long start = System.nanoTime();
                try (var results = statement.executeQuery()) {
                    results.next();
                    long version = results.getLong(2);
                    if (results.getLong(1) != 100 || version != results.getLong(3) || version < last) {
                        throw new IllegalStateException("an empty, mixed or older table was seen");
                    }
                    last = version;
                }
                times.add(System.nanoTime() - start);
                begun.countDown();
            }
        }
        return times.build().toArray();
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%s: %,d, median %.1f ms, 99%% within %.1f ms, longest %.1f ms%n",
                what,
                nanos.length,
                nanos[nanos.length / 2] / MILLION,
                nanos[(int) (nanos.length * 0.99)] / MILLION,
                nanos[nanos.length - 1] / MILLION);
    }
}
