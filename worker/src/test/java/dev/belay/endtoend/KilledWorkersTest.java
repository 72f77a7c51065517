package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The promise, as one test: whatever is killed, every job ends once and nothing is half-done.
///
/// `-Dbelay.seed=N` makes the same load and the same plan of kills again; how they fall together with the work is up
/// to the machine.
@ExtendWith(TestBrokers.class)
final class KilledWorkersTest {
    private static final int WORKERS = 2;
    private static final int KILLS_EACH = 5;

    @TempDir
    Path folder;

    @Test
    void everyJobEndsOnceAndNothingIsHalfDoneHoweverOftenWorkersAreKilled(TestBroker broker) throws Exception {
        // Random on purpose: it is printed, and given again by -Dbelay.seed.
        long seed = Long.getLong("belay.seed", System.nanoTime());
        System.out.println("killed workers: seed=" + seed + " (again with -Dbelay.seed=" + seed + ")");
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            var load = new Workload(installation, new Random(seed));
            try {
                loadAndCurate(installation, events, load);
                runWhileKilling(installation, load, seed);
                events.until("the end of every job", () -> ended(events) >= Workload.JOBS);
                installation.places().awaitNothingLeft();
                startAndStopOnceMore(installation);
                var promises = new Promises(installation, events, works(load));
                promises.check();
                System.out.println(promises.summary(WORKERS * KILLS_EACH) + " seed=" + seed);
            } catch (Exception | AssertionError failed) {
                throw new AssertionError("seed=" + seed + ": " + failed + "\n" + installation.logs(), failed);
            }
        }
    }

    /// One good version of each dataset, and a dictionary that people have worked on.
    private static void loadAndCurate(Installation installation, EventLog events, Workload load) throws Exception {
        WorkerProcess worker = installation.start(0);
        load.first().forEach(work -> installation.submit(work.message()));
        events.until("a first version of every dataset", () -> ended(events) >= Workload.DATASETS);
        for (int dataset = 0; dataset < Workload.DATASETS; dataset++) {
            installation.curate(Workload.dataset(dataset), "name", "amount", "code");
        }
        assertThat(worker.terminate(Duration.ofSeconds(60))).isEqualTo(143);
    }

    /// Every life of a worker finds new work to be killed over.
    private static void runWhileKilling(Installation installation, Workload load, long seed) throws Exception {
        var waves = waves(load.rest());
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var slots = new ArrayList<CompletableFuture<Void>>();
            for (int slot = 0; slot < WORKERS; slot++) {
                slots.add(CompletableFuture.runAsync(
                        new KilledSlot(
                                installation,
                                slot,
                                KILLS_EACH,
                                new Random(seed + 1 + slot),
                                () -> submitNext(installation, waves)),
                        threads));
            }
            CompletableFuture.allOf(slots.toArray(CompletableFuture[]::new)).join();
        }
        assertThat(waves).isEmpty();
        load.heal();
    }

    private static ArrayDeque<List<Work>> waves(List<Work> works) {
        int count = WORKERS * KILLS_EACH;
        var waves = new ArrayDeque<List<Work>>();
        for (int wave = 0; wave < count; wave++) {
            waves.add(works.subList(works.size() * wave / count, works.size() * (wave + 1) / count));
        }
        return waves;
    }

    private static void submitNext(Installation installation, ArrayDeque<List<Work>> waves) {
        // The order of one dataset's jobs is that of their submission: one wave at a time.
        synchronized (waves) {
            for (Work work : waves.remove()) {
                for (int time = 0; time < work.sends(); time++) {
                    installation.submit(work.message());
                }
            }
        }
    }

    private static void startAndStopOnceMore(Installation installation) throws Exception {
        installation.close(); // kills the two that live
        WorkerProcess last = installation.start(0).ready();
        installation.awaitJournal(
                "nothing is open", journal -> journal.openAttempts().isEmpty());
        assertThat(last.terminate(Duration.ofSeconds(60))).isEqualTo(143);
    }

    private static long ended(EventLog events) {
        return events.terminal().stream().map(EventLog.Heard::job).distinct().count();
    }

    private static Map<String, Work> works(Workload load) {
        return Stream.concat(load.first().stream(), load.rest().stream())
                .collect(Collectors.toMap(Work::id, Function.identity()));
    }
}
