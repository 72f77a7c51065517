package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.Faults;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A worker is killed, at every durable step in turn, and two others find its attempt at the same moment, over
/// the real stores. They get into each other's way at points that a seed chooses (`-Dbelay.sweep.seed=N`).
@FaultRow({"R1", "R3", "R4", "R5", "P6"})
final class RacingRecoverersTest {
    private static final long SEED = Long.getLong("belay.sweep.seed", System.nanoTime());
    private static final long PATIENCE_SECONDS = 120;
    private static final int ROUNDS = 10;

    private Copies copies;
    private ExecutorService both;

    @BeforeEach
    void begin() throws IOException {
        copies = new Copies();
        both = Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory());
    }

    @AfterEach
    void end() {
        both.shutdownNow();
        copies.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"RELOAD_BY_SWAP", "RELOAD_IN_PLACE", "UPSERT", "FAILS_STAGED_IN_PLACE"})
    void twoThatRecoverAtOnceEndTheAttemptOnce(SweptJob job) throws Exception {
        Moments killed = Moments.of(job.prepared(copies.next()), copies, Moments.ALL);
        var violations = new ArrayList<String>();
        int raced = 0;
        for (Moments.Moment moment : killed.kept()) {
            raced += survives(job, moment, violations) ? 1 : 0;
            copies.remove(moment.left());
        }

        System.out.printf(
                "%s: %d states left by a kill, %d with an attempt for two to race for, %d violations; seed=%d%n",
                job, killed.different(), raced, violations.size(), SEED);
        assertThat(violations).isEmpty();
        assertThat(raced).isGreaterThan(15);
    }

    /// @return whether there was anything to race for
    private boolean survives(SweptJob job, Moments.Moment moment, List<String> violations) throws Exception {
        OnDisk disk = moment.left();
        disk.log.pass(Rig.OWNER_LOST_AFTER.multipliedBy(2));
        boolean open;
        try (OnDisk.Life one = disk.begin("1");
                OnDisk.Life two = disk.begin("2")) {
            open = !one.rooms().journal().openAttempts().isEmpty();
            for (int rounds = 0;
                    rounds < ROUNDS && !one.rooms().journal().openAttempts().isEmpty();
                    rounds++) {
                recoverAtOnce(one, two);
            }
            disk.drain(one);
            two.saga().recover();
            two.saga().sweep();
        } catch (RuntimeException | Error broken) {
            violations.add(moment.where() + ": " + broken);
            return true;
        }
        job.violations(disk).forEach(found -> violations.add(moment.where() + ": " + found));
        return open;
    }

    // Yielding decides nothing here: it only makes the two meet in more places.
    @SuppressWarnings("ThreadPriorityCheck")
    private void recoverAtOnce(OnDisk.Life one, OnDisk.Life two) throws Exception {
        var random = new Random(SEED);
        var start = new CyclicBarrier(2);
        try (var _ = Faults.onEveryPass((_, _) -> {
            boolean yields;
            synchronized (random) {
                yields = random.nextInt(3) == 0;
            }
            if (yields) {
                Thread.yield();
            }
        })) {
            Future<Integer> first = both.submit(recovery(one, start));
            Future<Integer> second = both.submit(recovery(two, start));
            first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            second.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Callable<Integer> recovery(OnDisk.Life life, CyclicBarrier start) {
        return () -> {
            start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return life.saga().recover();
        };
    }
}
