package dev.belay.drill;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One worker's place: a worker that is killed again and again and started anew in the same place at once, or stopped
/// and continued.
final class Slot implements Callable<Void> {
    private final Site site;
    private final int number;
    private final List<Action> actions;
    private final Waves waves;
    private final Counts counts;
    private final ConcurrentLinkedQueue<String> died = new ConcurrentLinkedQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private @Nullable WorkerProcess worker;

    Slot(Site site, int number, List<Action> actions, Waves waves, Counts counts) {
        this.site = site;
        this.number = number;
        this.actions = List.copyOf(actions);
        this.waves = waves;
        this.counts = counts;
    }

    /// Ends with a living worker in its place.
    @Override
    public @Nullable Void call() throws JobFailure, IOException, InterruptedException {
        for (Action action : actions) {
            WorkerProcess current = living();
            if (!action.whileStarting()) {
                current.ready();
            }
            waves.next();
            if (!current.lives(action.after())) {
                died.add("worker %d ended by itself; its log is %s".formatted(number, site.log(number)));
                worker = null;
                continue;
            }
            act(current, action.what());
        }
        living().ready();
        return null;
    }

    private void act(WorkerProcess current, Action.Deed deed) throws IOException, InterruptedException {
        switch (deed) {
            case Action.Deed.Kill() -> {
                current.kill();
                worker = null;
                counts.workerKills.incrementAndGet();
            }
            case Action.Deed.Stop stop -> {
                current.stop();
                if (never.await(stop.time().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("this never happens");
                }
                current.resume();
                counts.stops.incrementAndGet();
                if (stop.makesAZombie()) {
                    counts.zombies.incrementAndGet();
                }
            }
        }
    }

    private WorkerProcess living() throws IOException {
        WorkerProcess current = worker;
        if (current == null) {
            current = site.start(number);
            worker = current;
        }
        return current;
    }

    /// Workers that ended without being killed.
    List<String> died() {
        return List.copyOf(died);
    }
}
