package dev.belay.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.belay.kit.FaultRow;
import dev.belay.sim.Faults.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Thousands of worlds, others in each build, of two or three workers each, with every fault of `Faults` at every
/// call, played by the real saga and the real intake. `-Dbelay.sim.seed=N` plays one world and prints its trace,
/// `-Dbelay.sim.seeds=COUNT` plays so many, `-Dbelay.sim.first=N` from there on.
@FaultRow({"K1", "K2", "P1", "P2", "P4", "P5", "P6", "C2", "C3", "D0", "D1", "E3", "R1", "R2", "R3", "R4", "R5", "T1"})
final class SimulationTest {
    private static final int SEEDS = Integer.getInteger("belay.sim.seeds", 2_000);
    // Without a wish for a number of worlds, a loaded machine plays fewer of them.
    private static final boolean WISHED = System.getProperty("belay.sim.seeds") != null;
    private static final long ENOUGH_AFTER = java.time.Duration.ofSeconds(100).toNanos();
    // Other worlds in each build: many builds see more than one does.
    private static final long FIRST = Long.getLong("belay.sim.first", Math.floorMod(System.nanoTime(), 1_000_000_000L));
    private static final int LAST_STEPS = 200;
    private static final Logger OURS = (Logger) LoggerFactory.getLogger("dev.belay");
    private static @Nullable Level before;

    @TempDir
    private @Nullable Path folder;

    @BeforeAll
    static void silence() {
        before = OURS.getLevel();
        OURS.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        OURS.setLevel(before);
    }

    /// What was played, and what was not as it must be.
    private record Played(World world, List<String> violations) {}

    @Test
    void holdsInEveryWorld() throws Exception {
        Long one = Long.getLong("belay.sim.seed");
        if (one != null) {
            assertThat(told(one)).as("seed " + one).isEmpty();
            return;
        }
        var tally = new Tally();
        var next = new AtomicLong(FIRST);
        Callable<Void> player = () -> {
            for (long seed = next.getAndIncrement(); seed < FIRST + SEEDS && tally.goesOn(); ) {
                tally.add(seed, played(seed, null));
                seed = next.getAndIncrement();
            }
            return null;
        };
        try (ExecutorService players = Executors.newFixedThreadPool(2)) {
            for (var player1 : players.invokeAll(List.of(player, player))) {
                player1.get();
            }
        }
        System.out.println(tally);
        for (long seed : tally.broken) {
            assertThat(told(seed))
                    .as("seed " + seed + ", play it again by -Dbelay.sim.seed=" + seed)
                    .isEmpty();
        }
        assertThat(tally.broken).isEmpty();
    }

    @Test
    void playsTheSameHistoryForTheSameSeed() throws Exception {
        for (long seed = FIRST; seed < FIRST + 20; seed++) {
            long first = played(seed, null).world().scene().fibers().hash();
            long second = played(seed, null).world().scene().fibers().hash();
            assertThat(second).as("seed " + seed).isEqualTo(first);
        }
    }

    private Played played(long seed, @Nullable List<String> trace) throws InterruptedException, IOException {
        Path memory = Path.of("/dev/shm");
        Path under = Files.isDirectory(memory) && Files.isWritable(memory) ? memory : folder;
        Path own = Files.createTempDirectory(under, "belay-sim");
        try {
            var world = new World(seed, own, trace);
            world.run();
            var violations = new ArrayList<>(world.violations());
            if (!world.scene().fibers().isExhausted()) {
                violations.addAll(Invariants.check(world));
            }
            return new Played(world, violations);
        } finally {
            try (var files = Files.walk(own)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Plays a world again and tells its story.
    private List<String> told(long seed) throws InterruptedException, IOException {
        var trace = new ArrayList<String>();
        Played played = played(seed, trace);
        boolean asked = Long.getLong("belay.sim.seed") != null;
        trace.stream().skip(asked ? 0 : Math.max(0, trace.size() - LAST_STEPS)).forEach(System.out::println);
        return played.violations();
    }

    /// Counts over all worlds.
    private static final class Tally {
        final List<Long> broken = new ArrayList<>();
        private final long begun = System.nanoTime();
        private final java.util.Map<Kind, Integer> faults = new java.util.EnumMap<>(Kind.class);
        private int seeds;
        private long steps;
        private int jobs;
        private int rebalances;
        private int twins;

        /// Whether another world is to be played.
        synchronized boolean goesOn() {
            boolean late = !WISHED && seeds >= 20 && System.nanoTime() - begun > ENOUGH_AFTER;
            return !late && broken.size() < 3;
        }

        synchronized void add(long seed, Played played) {
            seeds++;
            steps += played.world().scene().fibers().steps();
            jobs += played.world().story().jobs.size();
            rebalances += played.world().scene().group().rebalances();
            twins += played.world().twins();
            for (Kind kind : Kind.values()) {
                faults.merge(kind, played.world().scene().faults().count(kind), Integer::sum);
            }
            if (!played.violations().isEmpty()) {
                broken.add(seed);
                System.out.println("seed " + seed + ": " + played.violations().getFirst());
            }
        }

        @Override
        public synchronized String toString() {
            return "sim: %d seeds, %d jobs, %d steps, %s, %d rebalances, %d twins, %d violations, %d s, seed=%d.."
                    .formatted(
                            seeds,
                            jobs,
                            steps,
                            faults,
                            rebalances,
                            twins,
                            broken.size(),
                            (System.nanoTime() - begun) / 1_000_000_000,
                            FIRST);
        }
    }
}
