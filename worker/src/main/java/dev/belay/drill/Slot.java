package dev.belay.drill;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// One worker's place: a worker that is killed again and again and started anew in the same place at once, or stopped
/// and continued.
final class Slot implements Callable<Void> {
    private static final int MOST_LIVES = 5;

    private final Site site;
    private final int number;
    private final List<Action> actions;
    private final Waves waves;
    private final Counts counts;
    private final ConcurrentLinkedQueue<String> died = new ConcurrentLinkedQueue<>();
    private @Nullable WorkerProcess worker;
    private int brokerReturns;
    private int serverReturns;

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
            for (int life = 0; life < MOST_LIVES && !isDone(action); life++) {
                // That life ended by itself; the next one is dealt the same.
            }
        }
        for (int life = 0; life < MOST_LIVES && !takesJobs(living()); life++) {
            // Until one is there to finish the work.
        }
        return null;
    }

    private boolean isDone(Action action) throws JobFailure, IOException, InterruptedException {
        WorkerProcess current = living();
        if (!action.whileStarting() && !takesJobs(current)) {
            return false;
        }
        waves.next();
        if (!current.lives(action.after())) {
            endedByItself(current);
            return false;
        }
        return isDone(action.what(), current);
    }

    private boolean takesJobs(WorkerProcess current) throws InterruptedException {
        try {
            current.ready();
            return true;
        } catch (Breach endedOrStuck) {
            endedByItself(current);
            return false;
        }
    }

    /// Three ends are left to whoever watches over a worker, who starts it again. It found no broker, or no database,
    /// which was down in its life (while they live that is no excuse); or the last request of this slot's earlier
    /// life reached the broker after its own and took the slot from it. Kafka cannot tell that from a second
    /// worker; here a slot has one process at a time.
    private void endedByItself(WorkerProcess current) throws InterruptedException {
        String last = current.lastWords();
        if (!current.isReady() && counts.wasBrokerDownSince(brokerReturns) && last.contains("BROKER_UNREACHABLE")) {
            counts.foundNoBroker.incrementAndGet();
        } else if (!current.isReady()
                && counts.wasServerDownSince(serverReturns)
                && last.contains("STORE_UNAVAILABLE")) {
            counts.foundNoServer.incrementAndGet();
        } else if (last.contains("has taken slot")) {
            counts.fencedByEarlierLife.incrementAndGet();
        } else {
            died.add("worker %d ended by itself or took no jobs; its log is %s:%n%s"
                    .formatted(number, site.log(number), last));
        }
        current.kill();
        worker = null;
    }

    private boolean isDone(Action.Deed deed, WorkerProcess current) throws IOException, InterruptedException {
        switch (deed) {
            case Action.Deed.Kill() -> {
                current.kill();
                worker = null;
                counts.workerKills.incrementAndGet();
            }
            case Action.Deed.Stop stop -> {
                current.stop();
                if (!current.lives(stop.time())) {
                    // It had ended just before: nobody was stopped.
                    endedByItself(current);
                    return false;
                }
                current.resume();
                counts.stops.incrementAndGet();
                if (stop.isLong()) {
                    counts.longStops.incrementAndGet();
                }
            }
        }
        return true;
    }

    private WorkerProcess living() throws IOException {
        WorkerProcess current = worker;
        if (current == null) {
            brokerReturns = counts.brokerReturns.get();
            serverReturns = counts.serverReturns.get();
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
