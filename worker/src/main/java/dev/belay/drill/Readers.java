package dev.belay.drill;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Readers as any tool is one: threads that look at one dataset after the other, all the while.
///
/// In each row stands the job that brought it and each version has a number, so one look tells whether a table is
/// mixed, partial or older than before ([Looks]).
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;

    private final Supplier<Eyes> eyes;
    private final List<String> names;
    private final Duration pause;
    private final Looks looks;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /// @param eyes  makes each thread's own
    /// @param names those that are published already
    /// @param looks is told what was seen
    /// @param pause between two looks of one thread
    Readers(Supplier<Eyes> eyes, List<String> names, Looks looks, Duration pause) {
        this.eyes = eyes;
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
        try (Eyes own = eyes.get()) {
            for (int at = begin; !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS); at++) {
                lookOrTell(own, names.get(at % names.size()), versions);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// A reader that ended unheard would see nothing bad any more.
    private void lookOrTell(Eyes own, String dataset, Map<String, Integer> versions) {
        try {
            Optional<Seen> seen = own.see(dataset);
            if (seen.isEmpty()) {
                looks.sawNothing(dataset);
                return;
            }
            looks.saw(dataset, versions.getOrDefault(dataset, 0), seen.get());
            versions.put(dataset, seen.get().version());
        } catch (Eyes.Away away) {
            looks.wasAway();
        } catch (SQLException | RuntimeException unexpected) {
            looks.couldNot(dataset, unexpected);
        }
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
