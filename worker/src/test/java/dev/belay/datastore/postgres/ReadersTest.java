package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.Mode;
import dev.belay.job.Unavailable;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whoever reads while versions are published sees one of them, whole.
@ExtendWith(TestDatabases.class)
final class ReadersTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER, ColumnType.INTEGER);
    private static final int READERS = 8;
    private static final int PUBLICATIONS = 25;
    private static final long PATIENCE_SECONDS = 120;

    private final TestDatabase database;
    private final Schemas schemas;
    private final String count;
    private final PostgresDatastore store;
    private final DatasetScript air;

    ReadersTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.opened(database, schemas);
        air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
        count = "SELECT count(*) || '/' || coalesce(min(b), 0) || '/' || coalesce(max(b), 0) FROM %s.air"
                .formatted(schemas.live());
    }

    @AfterEach
    void close() {
        store.close();
    }

    /// A version of so many rows, each of which says how many there are.
    private static List<List<@Nullable Object>> rows(long size) {
        return LongStream.range(0, size).mapToObj(at -> row(at, size)).toList();
    }

    private static String look(long size) {
        return size + "/" + size + "/" + size;
    }

    private Publication staged(Mode mode, long size) throws Exception {
        StagingPlan plan = air.plan(mode, COLUMNS, "a");
        List<List<@Nullable Object>> rows = rows(size);
        @SuppressWarnings({"unchecked", "rawtypes"})
        List<@Nullable Object>[] array = rows.toArray(new List[0]);
        return air.publication(plan, air.sealed(plan, array));
    }

    /// Publishes, however long readers keep it from that.
    private PublishResult published(Publication publication) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return store.publish(publication);
            } catch (Unavailable busy) {
                if (System.nanoTime() > end) {
                    throw busy;
                }
            }
        }
    }

    private static String read(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            results.next();
            return results.getString(1);
        }
    }

    @Test
    void seeOneVersionWholeWheneverTheyLookAndNeverAnOlderOne() throws Exception {
        published(staged(Mode.REPLACE, 1));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var isOver = new AtomicBoolean();
        var haveLooked = new CountDownLatch(READERS);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<?>>();
            for (int reader = 0; reader < READERS; reader++) {
                int isolation = reader % 2 == 0
                        ? Connection.TRANSACTION_READ_COMMITTED
                        : Connection.TRANSACTION_REPEATABLE_READ;
                readers.add(executor.submit(() -> {
                    try (Connection connection = database.connect()) {
                        connection.setAutoCommit(false);
                        connection.setTransactionIsolation(isolation);
                        long before = 0;
                        while (!isOver.get()) {
                            // A snapshot that may be older than the version it will see.
                            read(connection, "SELECT 1");
                            String look = read(connection, count);
                            connection.commit();
                            seen.add(look);
                            long now = Long.parseLong(look.substring(0, look.indexOf('/')));
                            assertThat(now).as("never an older version").isGreaterThanOrEqualTo(before);
                            before = now;
                            haveLooked.countDown();
                        }
                    }
                    return true;
                }));
            }
            try {
                assertThat(haveLooked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                for (int size = 2; size <= PUBLICATIONS; size++) {
                    assertThat(published(staged(size % 3 == 0 ? Mode.UPSERT : Mode.REPLACE, size)))
                            .isInstanceOf(PublishResult.Published.class);
                }
            } finally {
                isOver.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }

        assertThat(LongStream.rangeClosed(1, PUBLICATIONS)
                        .mapToObj(ReadersTest::look)
                        .toList())
                .containsAll(seen);
        assertThat(database.texts(count)).containsExactly(look(PUBLICATIONS));
    }

    @Test
    void seeTheWholeVersionWithASnapshotOlderThanItsRows() throws Exception {
        published(staged(Mode.REPLACE, 3));
        for (Mode mode : List.of(Mode.REPLACE, Mode.UPSERT, Mode.APPEND)) {
            try (Connection old = database.connect()) {
                old.setAutoCommit(false);
                old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                read(old, "SELECT count(*) FROM pg_class");

                published(staged(mode, 5));

                assertThat(read(old, count.replace("min(b)", "5").replace("max(b)", "5")))
                        .as("%s", mode)
                        .isEqualTo(air.head().rows() + "/5/5");
            }
        }
    }

    @Test
    void delayTheSwapInALongTransactionButNoOtherReader() throws Exception {
        published(staged(Mode.REPLACE, 3));
        Publication next = staged(Mode.REPLACE, 4);
        CompletableFuture<PublishResult> publishing;
        try (Connection lasting = database.connect();
                Connection other = database.connect()) {
            lasting.setAutoCommit(false);
            assertThat(read(lasting, count)).isEqualTo(look(3));
            // Far longer than the publication ever waits before it steps back.
            try (var statement = other.createStatement()) {
                statement.execute("SET lock_timeout = '5s'");
            }

            publishing = CompletableFuture.supplyAsync(
                    () -> published(next), command -> Thread.ofVirtual().start(command));

            for (int at = 0; at < 100; at++) {
                assertThat(read(other, count)).isEqualTo(look(3));
            }
            assertThat(publishing).isNotDone();
            assertThat(read(lasting, count)).isEqualTo(look(3));
            lasting.commit();
        }
        assertThat(publishing.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isInstanceOf(PublishResult.Published.class);
        assertThat(database.texts(count)).containsExactly(look(4));
    }

    @Test
    void makeAPublicationUnavailableThatChangedNothingWhenTheyNeverEnd() throws Exception {
        published(staged(Mode.REPLACE, 3));
        Publication next = staged(Mode.REPLACE, 4);
        var before = air.state();
        try (Connection lasting = database.connect()) {
            lasting.setAutoCommit(false);
            read(lasting, count);

            Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.READERS_IN_THE_WAY);
            assertThat(air.state()).isEqualTo(before);
        }
        assertThat(store.publish(next)).isInstanceOf(PublishResult.Published.class);
    }

    @Test
    void keepTheDataOfAnOldVersionWhileTheyReadIt() throws Exception {
        published(staged(Mode.REPLACE, 3));
        var first = air.head();
        published(staged(Mode.REPLACE, 4));
        try (Connection lasting = database.connect()) {
            lasting.setAutoCommit(false);
            // Straight from the version's table: through the view nobody comes there any more.
            String table = schemas.published(first);
            read(lasting, "SELECT count(*) FROM " + table);

            assertThat(store.retire(air.dataset(), 1)).isZero();
            assertThat(store.isIntact(first)).isTrue();
        }
        assertThat(store.retire(air.dataset(), 1)).isEqualTo(1);
        assertThat(store.isIntact(first)).isFalse();
    }
}
