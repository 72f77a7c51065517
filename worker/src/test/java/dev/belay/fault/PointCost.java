package dev.belay.fault;

/// Measures what passing a point costs, off and on. Not a test: run it by hand, the numbers are in `docs/testing.md`.
///
/// ```
/// java -cp worker/target/classes:worker/target/test-classes dev.belay.fault.PointCost
/// java -Dbelay.faults=on -cp ... dev.belay.fault.PointCost
/// ```
/// A loop of some arithmetic, with both sides of a point around each round and without, by turns; the best of many
/// short runs of each counts, because whatever disturbs a run only makes it longer.
public final class PointCost {
    private static final int ROUNDS = 200_000;
    private static final int RUNS = 5_000;

    private PointCost() {}

    public static void main(String[] arguments) {
        long without = Long.MAX_VALUE;
        long with = Long.MAX_VALUE;
        long kept = 0;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            kept += plain(run);
            long between = System.nanoTime();
            kept += passing(run);
            long end = System.nanoTime();
            without = Math.min(without, between - start);
            with = Math.min(with, end - between);
        }
        System.out.printf(
                "points %s: %.3f ns a round without a point, %.3f ns with both its sides (%d)%n",
                Faults.ON ? "on" : "off", (double) without / ROUNDS, (double) with / ROUNDS, kept);
    }

    // Marsaglia's xorshift: each round needs the one before, and no compiler sees through it.
    private static long stirred(long value) {
        long first = value ^ (value << 13);
        long second = first ^ (first >>> 7);
        return second ^ (second << 17);
    }

    private static long plain(long seed) {
        long value = seed + 1;
        for (int round = 0; round < ROUNDS; round++) {
            value = stirred(value);
        }
        return value;
    }

    private static long passing(long seed) {
        long value = seed + 1;
        for (int round = 0; round < ROUNDS; round++) {
            FaultPoint.STAGE_CHUNK.before();
            value = stirred(value);
            FaultPoint.STAGE_CHUNK.after();
        }
        return value;
    }
}
