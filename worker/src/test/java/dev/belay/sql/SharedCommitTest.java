package dev.belay.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

final class SharedCommitTest {
    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger committed = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Connection connection;
    private SharedCommit commits;

    @BeforeEach
    void open() throws SQLException {
        connection = SqliteConnections.connected(folder.resolve("t.db"), SqliteConnections.config());
        SqliteConnections.execute(connection, "CREATE TABLE t (a)");
        ((SQLiteConnection) connection).addCommitListener(new SQLiteCommitListener() {
            @Override
            public void onCommit() {
                committed.incrementAndGet();
            }

            @Override
            public void onRollback() {}
        });
        commits = new SharedCommit(Statements.ofOneUse(connection));
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        connection.close();
    }

    @Test
    void commitsAtOnceForAThreadThatWritesAlone() throws Exception {
        commits.write(insert(1));
        commits.write(insert(2));

        assertThat(committed).hasValue(2);
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void commitsOnceForAllThatWaitAndNobodyReturnsBefore() throws Exception {
        var early = new ArrayList<Boolean>();
        Future<?> first = holds(3, 0);
        List<Future<?>> others = IntStream.rangeClosed(1, 3)
                .<Future<?>>mapToObj(value -> writes(() -> {
                    early.add(first.isDone());
                    return insert(value).make();
                }))
                .toList();

        first.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        for (Future<?> other : others) {
            other.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        assertThat(committed).hasValue(1);
        assertThat(early).containsExactly(false, false, false);
        assertThat(rows()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void takesBackOnlyWhatFailed() throws Exception {
        Future<?> first = holds(2, 0);
        Future<?> failing = writes(() -> {
            insert(1).make();
            throw new IllegalStateException("changed my mind");
        });
        Future<?> last = writes(insert(2));

        first.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        last.get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        assertThatThrownBy(() -> failing.get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("changed my mind");
        assertThat(rows()).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void tellsEverybodyWhenTheWholeTransactionIsLost() throws Exception {
        Future<?> first = holds(1, 0);
        Future<?> losing = writes(() -> {
            // As SQLite does by itself when the disk is full.
            SqliteConnections.execute(connection, "ROLLBACK");
            throw new SQLException("no room");
        });

        for (Future<?> one : List.of(first, losing)) {
            assertThatThrownBy(() -> one.get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .hasRootCauseMessage("no room");
        }
        assertThat(rows()).isEmpty();
        commits.write(insert(5));
        assertThat(rows()).containsExactly(5);
    }

    @Test
    void keepsEverythingOfManyThreadsInFewerCommits() throws Exception {
        List<Future<?>> all = IntStream.range(0, 200)
                .<Future<?>>mapToObj(value -> writes(insert(value)))
                .toList();

        for (Future<?> one : all) {
            one.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        assertThat(rows()).hasSize(200).doesNotHaveDuplicates();
        assertThat(committed.get()).isBetween(1, 200);
    }

    /// Starts writing, and inserts when so many others wait for their turn; returns when it has the connection.
    private Future<?> holds(int others, int value) {
        var entered = new CompletableFuture<Void>();
        Future<?> done = writes(() -> {
            entered.complete(null);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
            while (commits.waiting() < others) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("nobody came");
                }
                Thread.onSpinWait();
            }
            return insert(value).make();
        });
        entered.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
        return done;
    }

    private SharedCommit.Part<Integer> insert(int value) {
        return () -> {
            SqliteConnections.execute(connection, "INSERT INTO t VALUES (" + value + ")");
            return value;
        };
    }

    private Future<?> writes(SharedCommit.Part<Integer> part) {
        var done = new CompletableFuture<Integer>();
        threads.execute(() -> {
            try {
                done.complete(commits.write(part));
            } catch (SQLException | RuntimeException failed) {
                done.completeExceptionally(failed);
            }
        });
        return done;
    }

    private List<Integer> rows() throws SQLException {
        return new Session(connection).list("SELECT a FROM t", row -> Math.toIntExact(row.number("a")));
    }
}
