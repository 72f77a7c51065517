package dev.belay.intake;

import dev.belay.job.DatasetId;
import dev.belay.saga.Handled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs jobs: those of one dataset one after the other in the order they came, datasets beside each other up
/// to the concurrency, each job on a thread of its own. A job that has to wait stays at the head of its
/// dataset's lane and holds no thread; what does not belong to this worker any more is let go.
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration PROBE_CHECK = Duration.ofMillis(100);

    /// Runs one job; what comes back says whether the lane goes on.
    @FunctionalInterface
    interface Runner {
        /// @return why the job has to wait; empty when it is dealt with
        Optional<Handled.Later> run(Delivered.Job job);
    }

    /// What jobs run on, and what wakes the lanes that rest.
    interface Threads extends AutoCloseable {
        void start(String name, Runnable job);

        /// Does nothing any more once it is closed.
        void later(Duration wait, Runnable change);

        @Override
        void close();

        /// A platform thread for each job. Jobs wait for SQLite and for fsyncs, in native code: a virtual thread would
        /// keep its carrier meanwhile, of which there are only as many as processors.
        static Threads platform() {
            return new PlatformThreads();
        }
    }

    private static final class PlatformThreads implements Threads {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("belay-intake-timer").factory());

        @Override
        public void start(String name, Runnable job) {
            Thread.ofPlatform().daemon().name(name).start(job);
        }

        @Override
        public void later(Duration wait, Runnable change) {
            if (!timer.isShutdown()) {
                var _ = timer.schedule(change, wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }

    /// The messages of one dataset that wait; the head may be running.
    private static final class Lane {
        final DatasetId dataset;
        final ArrayDeque<Delivered.Job> waiting = new ArrayDeque<>();
        int refusals;

        Lane(DatasetId dataset) {
            this.dataset = dataset;
        }
    }

    private final int concurrency;
    private final Runner runner;
    private final OutageBreaker breaker;
    private final Threads threads;

    // Guards everything below.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<DatasetId, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final Set<Delivered.Job> running = new HashSet<>();
    private boolean stopping;
    private boolean probing;

    Dispatcher(int concurrency, Runner runner, OutageBreaker breaker, Threads threads) {
        this.concurrency = concurrency;
        this.runner = runner;
        this.breaker = breaker;
        this.threads = threads;
    }

    /// Takes a job; it runs when its turn comes.
    void submit(Delivered.Job job) {
        lock.lock();
        try {
            var lane = lanes.get(job.request().dataset());
            if (lane == null) {
                lane = new Lane(job.request().dataset());
                lanes.put(lane.dataset, lane);
                ready.add(lane);
            }
            lane.waiting.add(job);
            startWhatMay();
        } finally {
            lock.unlock();
        }
    }

    /// Whether messages may be taken: in an outage none, unless no job is here that could find out whether it
    /// is over.
    boolean mayTake() {
        lock.lock();
        try {
            return breaker.isClosed() || lanes.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Starts nothing more. What runs is asked to stop by its stop signal.
    void stop() {
        lock.lock();
        try {
            stopping = true;
        } finally {
            lock.unlock();
        }
    }

    boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until none of the chosen jobs runs.
    ///
    /// @return whether that came about in time
    boolean awaitNone(Predicate<Delivered.Job> chosen, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (running.stream().anyMatch(chosen)) {
                if (left <= 0) {
                    return false;
                }
                left = ended.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void startWhatMay() {
        while (!stopping && running.size() < concurrency && !ready.isEmpty()) {
            var lane = ready.element();
            letGo(lane);
            var job = lane.waiting.peek();
            if (job == null) {
                ready.remove();
                lanes.remove(lane.dataset);
            } else if (breaker.permits()) {
                ready.remove();
                running.add(job);
                threads.start("belay-job-" + job.request().jobId(), () -> run(lane, job));
            } else {
                probeSoon();
                return;
            }
        }
    }

    /// Lets go what came from a partition that is not held any more: its new owner gets it too.
    private static void letGo(Lane lane) {
        while (!lane.waiting.isEmpty()
                && !lane.waiting.element().taken().ownership().isHeld()) {
            lane.waiting.remove();
            lane.refusals = 0;
        }
    }

    private void probeSoon() {
        if (!probing) {
            probing = true;
            later(PROBE_CHECK, () -> probing = false);
        }
    }

    private void run(Lane lane, Delivered.Job job) {
        Optional<Handled.Later> later = runner.run(job);
        lock.lock();
        try {
            running.remove(job);
            ended.signalAll();
            if (later.isEmpty()) {
                lane.waiting.remove();
                lane.refusals = 0;
                ready.add(lane);
            } else {
                rest(lane, later.get());
            }
            startWhatMay();
        } finally {
            lock.unlock();
        }
    }

    private void rest(Lane lane, Handled.Later later) {
        switch (later.cause()) {
            case OUTAGE -> ready.addFirst(lane);
            case BUSY, FENCED, STOPPED -> {
                var wait = backOff(lane.refusals++);
                LOG.debug("dataset {} waits {}: {} ({})", lane.dataset, wait, later.cause(), later.reason());
                later(wait, () -> ready.add(lane));
            }
        }
    }

    private static Duration backOff(int refusals) {
        var wait = FIRST_BACK_OFF.multipliedBy(1L << Math.min(refusals, 6));
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }

    private void later(Duration wait, Runnable change) {
        threads.later(wait, () -> {
            lock.lock();
            try {
                change.run();
                startWhatMay();
            } finally {
                lock.unlock();
            }
        });
    }

    @Override
    public void close() {
        stop();
        lock.lock();
        try {
            threads.close();
        } finally {
            lock.unlock();
        }
    }
}
