package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Halts real processes at points of an in-place load, and lets another process take over: that what the other
/// sweeps take for a kill is one. Some points, chosen by a seed (`-Dbelay.sweep.seed=N`); all with
/// `-Dbelay.sweep.halts=all`.
@FaultRow({"D0", "P1", "L1", "L2"})
final class HaltedProcessTest {
    private static final long SEED = Long.getLong("belay.sweep.seed", System.nanoTime());
    private static final boolean ALL = "all".equals(System.getProperty("belay.sweep.halts"));
    private static final int SAMPLE = 8;
    private static final int HALTED = 137;
    private static final SweptJob JOB = SweptJob.RELOAD_IN_PLACE;

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

    @Test
    void anotherProcessEndsWhatAHaltedOneHasBegun() throws Exception {
        OnDisk prepared = JOB.prepared(copies.next());
        List<String> points = points(prepared.copyTo(copies.next()));
        Collections.shuffle(points, new Random(SEED));
        List<String> chosen = ALL ? points : points.subList(0, SAMPLE);

        var halted = new ArrayList<Future<List<String>>>();
        for (String point : chosen) {
            OnDisk disk = prepared.copyTo(copies.next());
            halted.add(both.submit(halted(disk, point)));
        }
        var violations = new ArrayList<String>();
        for (Future<List<String>> one : halted) {
            violations.addAll(one.get(3, TimeUnit.MINUTES));
        }

        System.out.printf(
                "%s: %d of %d points halted in processes of their own, %d violations; seed=%d%n",
                JOB, chosen.size(), points.size(), violations.size(), SEED);
        assertThat(violations).isEmpty();
    }

    /// Every side of every point that such a life passes.
    private static List<String> points(OnDisk disk) {
        var points = new LinkedHashSet<String>();
        try (var _ = Faults.onEveryPass((point, side) -> points.add(point + ":" + side))) {
            disk.live();
        }
        assertThat(points).contains(FaultPoint.LIVE_DELETE + ":AFTER");
        // The log of events lives in the process: halted here, it would take along what the journal knows to be out.
        // KilledOnDiskTest kills here too, with a log that stays.
        points.remove(FaultPoint.JOURNAL_ANNOUNCED + ":AFTER");
        return new ArrayList<>(points);
    }

    private static Callable<List<String>> halted(OnDisk disk, String point) {
        return () -> {
            var violations = new ArrayList<String>();
            int status = process(disk, point);
            if (status == HALTED) {
                disk.log.leaveOut(1000);
                disk.live();
                JOB.violations(disk).forEach(found -> violations.add("halted %s: %s".formatted(point, found)));
            } else {
                violations.add("halted %s: it ended with %d".formatted(point, status));
            }
            return violations;
        };
    }

    private static int process(OnDisk disk, String point) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dbelay.faults=halt:" + point + ":1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltedJob.class.getName(),
                        JOB.name(),
                        disk.folder.root().toString(),
                        disk.log.placeOfFirstWaiting())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return child.waitFor(2, TimeUnit.MINUTES) ? child.exitValue() : -1;
        } finally {
            child.destroyForcibly();
        }
    }
}
