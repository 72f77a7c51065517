package dev.belay.sim;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sim.Fibers.Life;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.errors.TimeoutException;

/// What goes wrong, and how often, in one world. Each kind is off, rare or frequent, as the seed says; so
/// some worlds know one kind of fault only, and others all of them.
final class Faults {
    enum Kind {
        CRASH(0.0008),
        STALL(0.0006),
        OUTAGE(0.002),
        LOST_ANSWER(0.002),
        KAFKA(0.03),
        REBALANCE(0.15),
        CLOCK(0.08);

        final double rate;

        Kind(double rate) {
            this.rate = rate;
        }
    }

    private static final double[] DEGREES = {0, 0, 1, 4, 12};

    private final Random random;
    private final Fibers fibers;
    private final Map<Kind, Double> rates = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> happened = new EnumMap<>(Kind.class);
    private boolean over;

    Faults(Random random, Fibers fibers) {
        this.random = random;
        this.fibers = fibers;
        for (Kind kind : Kind.values()) {
            rates.put(kind, Math.min(0.5, kind.rate * DEGREES[random.nextInt(DEGREES.length)]));
            happened.put(kind, 0);
        }
    }

    int count(Kind kind) {
        return happened.getOrDefault(kind, 0);
    }

    /// Nothing goes wrong any more.
    void end() {
        over = true;
    }

    boolean areOver() {
        return over;
    }

    boolean happens(Kind kind) {
        boolean happens = !over && random.nextDouble() < rates.getOrDefault(kind, 0.0);
        if (happens) {
            happened.merge(kind, 1, Integer::sum);
        }
        return happens;
    }

    /// A step of a worker between two of its calls: it may die or stand still here.
    void step(String point) {
        fibers.pass(point);
        Life life = fibers.life();
        if (happens(Kind.CRASH)) {
            kill(life);
        }
        if (happens(Kind.STALL)) {
            life.silentSince = fibers.now();
            life.stalledUntil = fibers.now() + 1000 + random.nextInt(40_000);
            fibers.note(life.name, "STALLS");
            fibers.pass("goes on");
        }
    }

    void kill(Life life) {
        fibers.note(life.name, "DIES");
        life.silentSince = fibers.now();
        life.dead = true;
        throw new Fibers.Killed();
    }

    /// Before a call: it may not come to it.
    void beforeCall(String point) {
        if (happens(Kind.OUTAGE)) {
            fibers.note(point, "OUT");
            throw unavailable(point);
        }
    }

    /// After a call: its answer may be lost.
    void afterCall(String point) {
        if (happens(Kind.LOST_ANSWER)) {
            fibers.note(point, "ANSWER LOST");
            throw unavailable(point);
        }
    }

    /// A call to the broker that may get no answer.
    void kafka(String point) {
        if (happens(Kind.KAFKA)) {
            fibers.note(point, "NO ANSWER");
            throw new TimeoutException(point);
        }
    }

    private static Unavailable unavailable(String point) {
        return new Unavailable(
                new Failure.Transient(FailureCode.STORE_UNAVAILABLE, "out at " + point, Place.NONE),
                new IOException(point));
    }
}
