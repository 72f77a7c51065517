package dev.belay.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Threads of which one moves at a time: the one that holds the baton. At every [#pass] the seed decides who
/// goes on, so the same seed plays the same history. Time is a number: it passes with every step, and leaps
/// when all sleep.
///
/// All state of a simulated world is touched by the holder of the baton only.
final class Fibers {
    /// What `kill -9` is to the code: nothing it does afterwards has an effect.
    static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    /// What dies and stalls as one: a process.
    static final class Life {
        final String name;
        boolean dead;
        long stalledUntil;
        long silentSince;
        long skew;

        Life(String name) {
            this.name = name;
        }
    }

    private final class Fiber {
        final String name;
        final Life life;
        final Thread thread;
        long wakeAt;

        @Nullable BooleanSupplier until;

        boolean started;
        volatile boolean turn;

        Fiber(String name, Life life, Runnable body) {
            this.name = name;
            this.life = life;
            this.thread = Thread.ofVirtual().unstarted(() -> live(this, body));
        }

        long readyAt() {
            boolean waits = until != null && !until.getAsBoolean();
            return waits ? Long.MAX_VALUE : Math.max(wakeAt, life.stalledUntil);
        }
    }

    private final Random random;
    private final double stickiness;
    private final long stepLimit;
    private final List<Fiber> alive = new ArrayList<>();
    private final List<String> defects = new ArrayList<>();
    private final @Nullable List<String> trace;
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Fiber current;
    private boolean ending;
    private boolean exhausted;
    private long now;
    private long steps;
    private long hash = 17;

    /// @param trace is given every step, if there is someone to read it
    Fibers(Random random, long stepLimit, @Nullable List<String> trace) {
        this.random = random;
        this.stepLimit = stepLimit;
        this.trace = trace;
        this.stickiness = new double[] {0, 0.5, 0.8, 0.95}[random.nextInt(4)];
    }

    /// Milliseconds since the world began.
    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /// Of all steps so far, in their order.
    long hash() {
        return hash;
    }

    /// Whether the world was ended because it did not come to rest.
    boolean isExhausted() {
        return exhausted;
    }

    /// What came out of threads and should not have.
    List<String> defects() {
        return defects;
    }

    /// Another thread of a life; it begins when its turn comes.
    void spawn(Life life, String name, Runnable body) {
        alive.add(new Fiber(life.name + "/" + name, life, body));
    }

    /// Runs until all threads have ended.
    void run() throws InterruptedException {
        hand(alive.getFirst());
        over.await();
    }

    /// Everything ends at its next step.
    void end() {
        ending = true;
    }

    /// One step: whose turn it is now?
    void pass(String point) {
        Fiber me = Objects.requireNonNull(current);
        dieIfDead(me);
        note(me.name, point);
        steps++;
        now += random.nextInt(8);
        if (steps > stepLimit) {
            exhausted = true;
            ending = true;
            throw new Killed();
        }
        Fiber next = next(me);
        if (next != me) {
            me.turn = false;
            hand(next);
            await(me);
        }
        dieIfDead(me);
    }

    /// Goes on after so many milliseconds at the earliest.
    void sleep(long millis) {
        Objects.requireNonNull(current).wakeAt = now + millis;
        pass("sleep");
    }

    /// Goes on once it is so.
    void await(BooleanSupplier condition) {
        Fiber me = Objects.requireNonNull(current);
        me.until = condition;
        pass("waits");
        me.until = null;
    }

    /// The life of whoever asks.
    Life life() {
        return Objects.requireNonNull(current).life;
    }

    /// Says what happens, for whoever reads the trace; no step.
    void note(String who, String what) {
        hash = (hash * 31 + who.hashCode()) * 31 + what.hashCode();
        if (trace != null) {
            trace.add("%6d %8d ms  %-18s %s".formatted(steps, now, who, what));
        }
    }

    private void dieIfDead(Fiber me) {
        if (me.life.dead || ending) {
            throw new Killed();
        }
    }

    private Fiber next(Fiber me) {
        while (true) {
            var ready = new ArrayList<Fiber>(alive.size());
            long earliest = Long.MAX_VALUE;
            for (Fiber fiber : alive) {
                if (ending || fiber.life.dead) {
                    return fiber;
                }
                long at = fiber.readyAt();
                earliest = Math.min(earliest, at);
                if (at <= now) {
                    ready.add(fiber);
                }
            }
            if (!ready.isEmpty()) {
                boolean stays = stickiness > 0 && ready.contains(me) && random.nextDouble() < stickiness;
                return stays ? me : ready.get(random.nextInt(ready.size()));
            }
            now = earliest;
        }
    }

    private void hand(Fiber fiber) {
        current = fiber;
        fiber.turn = true;
        if (fiber.started) {
            LockSupport.unpark(fiber.thread);
        } else {
            fiber.started = true;
            fiber.thread.start();
        }
    }

    private static void await(Fiber me) {
        while (!me.turn) {
            LockSupport.park(me);
        }
    }

    private void live(Fiber me, Runnable body) {
        try {
            dieIfDead(me);
            body.run();
        } catch (Killed killed) {
            // As it should be.
        } catch (Throwable thrown) {
            defects.add(me.name + " ended with " + thrown);
        }
        alive.remove(me);
        if (alive.isEmpty()) {
            over.countDown();
        } else {
            hand(next(me));
        }
    }
}
