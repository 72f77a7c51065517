package dev.belay.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Readers as any SQLite tool is one: threads that open `current.sqlite` of one dataset after the other, all the while.
///
/// In each row stands the job that brought it and in each file its version, so one look tells whether a table is mixed,
/// partial or older than before ([Looks]).
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;

    private final Path datasets;
    private final List<String> names;
    private final Duration pause;
    private final Looks looks;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /// @param datasets the folder of the datasets' folders
    /// @param names    those that are published already
    /// @param looks    is told what was seen
    /// @param pause    between two looks of one thread
    Readers(Path datasets, List<String> names, Looks looks, Duration pause) {
        this.datasets = datasets;
        this.names = List.copyOf(names);
        this.looks = looks;
        this.pause = pause;
    }

    void start() {
        for (int thread = 0; thread < THREADS; thread++) {
            int begin = thread * names.size() / THREADS;
            threads.add(
                    Thread.ofPlatform().daemon().name("drill-reader-" + thread).start(() -> read(begin)));
        }
    }

    private void read(int begin) {
        var versions = new HashMap<String, Integer>();
        try {
            for (int at = begin; !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS); at++) {
                lookOrTell(names.get(at % names.size()), versions);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// A reader that ended unheard would see nothing bad any more.
    private void lookOrTell(String dataset, Map<String, Integer> versions) {
        try {
            look(dataset, versions);
        } catch (RuntimeException unexpected) {
            looks.couldNot(dataset, unexpected);
        }
    }

    private void look(String dataset, Map<String, Integer> versions) {
        Path file;
        try {
            file = datasets.resolve(dataset).resolve("current.sqlite").toRealPath();
        } catch (IOException nothing) {
            looks.sawNothing(dataset);
            return;
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
                var statement = connection.createStatement()) {
            Seen seen = seen(dataset, statement);
            looks.saw(dataset, versions.getOrDefault(dataset, 0), seen);
            versions.put(dataset, seen.version());
        } catch (SQLException failed) {
            if (Files.exists(file)) {
                looks.couldNot(dataset, failed);
            } else {
                // Deleted between the two steps; its name is never given again.
                looks.sawNothing(dataset);
            }
        }
    }

    private static Seen seen(String dataset, Statement statement) throws SQLException {
        int version;
        try (var results = statement.executeQuery("SELECT value FROM _belay WHERE key = 'version'")) {
            version = results.next() ? results.getInt(1) : 0;
        }
        var rows = new HashMap<String, Long>();
        try (var results = statement.executeQuery("SELECT job, count(*) FROM \"" + dataset + "\" GROUP BY job")) {
            while (results.next()) {
                rows.put(String.valueOf(results.getString(1)), results.getLong(2));
            }
        }
        return new Seen(version, rows);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
