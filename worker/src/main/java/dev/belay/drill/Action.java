package dev.belay.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// What is done to a worker next.
///
/// @param whileStarting whether it is done before the worker takes jobs
/// @param after         how long it may work first
/// @param what          the deed
record Action(boolean whileStarting, Duration after, Deed what) {
    private static final int LONGEST_LIFE_MILLIS = 2_500;
    private static final int ONE_IN_SO_MANY_DIES_STARTING = 5;
    private static final int SHORT_STOP_MILLIS = 1_500;

    /// Beyond the session time-out of a site: meanwhile its partitions go to another worker.
    private static final int LONG_STOP_MILLIS = 7_500;

    private static final int LONG_STOP_SPREAD_MILLIS = 2_500;

    /// The two ways to wrong a worker.
    sealed interface Deed {
        /// `kill -9`, and a new one at once.
        record Kill() implements Deed {}

        /// `kill -STOP`, and `kill -CONT` after a while.
        record Stop(Duration time) implements Deed {
            /// Whether it outlasts the session.
            boolean isLong() {
                return time.toMillis() >= LONG_STOP_MILLIS;
            }
        }
    }

    /// What is done to each worker, in order. Every second stop outlasts the session.
    static List<List<Action>> of(DrillPlan plan) {
        var random = new SplittableRandom(plan.seed() + 1);
        var deeds = new ArrayList<Deed>(Collections.nCopies(plan.kills() - plan.brokerKills(), new Deed.Kill()));
        for (int stop = 0; stop < plan.stops(); stop++) {
            int millis = stop % 2 == 0
                    ? LONG_STOP_MILLIS + random.nextInt(LONG_STOP_SPREAD_MILLIS)
                    : 1 + random.nextInt(SHORT_STOP_MILLIS);
            deeds.add(new Deed.Stop(Duration.ofMillis(millis)));
        }
        Collections.shuffle(deeds, random);
        var slots = new ArrayList<List<Action>>();
        for (int slot = 0; slot < plan.workers(); slot++) {
            slots.add(new ArrayList<>());
        }
        for (int at = 0; at < deeds.size(); at++) {
            slots.get(at % slots.size())
                    .add(new Action(
                            random.nextInt(ONE_IN_SO_MANY_DIES_STARTING) == 0,
                            Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)),
                            deeds.get(at)));
        }
        return slots;
    }
}
