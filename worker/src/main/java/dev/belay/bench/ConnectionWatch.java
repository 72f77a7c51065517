package dev.belay.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the workers' connections ten times a second; keeps the most.
final class ConnectionWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 100;

    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(1);

    private ConnectionWatch() {}

    static ConnectionWatch on(BenchDatabase database) {
        var watch = new ConnectionWatch();
        Thread.ofPlatform().daemon().name("bench-connections").start(() -> watch.look(database));
        return watch;
    }

    private void look(BenchDatabase database) {
        try (Connection connection = database.connect()) {
            do {
                most.accumulateAndGet(BenchDatabase.connections(connection), Math::max);
            } while (!enough.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (SQLException noneLeft) {
            // What was seen until then is told.
            return;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /// The most that were there at once.
    int most() {
        return most.get();
    }

    /// Its last look may still be on the way.
    @Override
    public void close() {
        enough.countDown();
    }
}
