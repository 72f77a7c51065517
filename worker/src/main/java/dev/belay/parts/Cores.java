package dev.belay.parts;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// The threads on which parts of tables are worked on; shared by all jobs of a worker.
///
/// They are platform threads: what runs here computes and seldom waits. One table has at most two parts more in
/// work or waiting than there are threads, and large tables are worked on one after the other, in the order
/// they came: one keeps all threads busy. Small ones, of few parts, do not wait for these: they have a little
/// room of their own, and wait for each other in the order they came. So memory is bounded however many parts
/// there are and however many jobs run.
public final class Cores implements AutoCloseable {
    private static final int AHEAD = 2;

    // Small tables together may have so many parts in work, or a quarter as many as there are threads: what
    // is counted of the columns of a part may take 50 MB of the heap, which has room for a large table and
    // little more.
    private static final int SMALL = 2;
    private static final int THREADS_PER_SMALL = 4;

    private final int threads;
    private final int small;
    private final ExecutorService executor;
    // Held while a large table is worked on; fair.
    private final Semaphore turn = new Semaphore(1, true);
    // One for each part of a small table while that is worked on; fair.
    private final Semaphore room;

    /// @param threads how many parts are worked on at once, at least 1
    public Cores(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + threads);
        }
        this.threads = threads;
        this.small = Math.max(SMALL, threads / THREADS_PER_SMALL);
        this.room = new Semaphore(small, true);
        this.executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("core-", 1).factory());
    }

    /// What is done with one part, on any thread.
    @FunctionalInterface
    public interface Work<R> {
        /// @param part its number, from 0
        R on(int part) throws JobFailure, IOException;
    }

    /// What is done with the result of one part, in the caller's thread.
    @FunctionalInterface
    public interface Taker<R> {
        /// @param part its number; each comes once, in ascending order
        void take(int part, R result) throws JobFailure, IOException;
    }

    /// Works on parts `0` to `parts - 1` side by side and gives the results to `taker` in order. A single part is
    /// worked on by the caller.
    ///
    /// When one fails, no further part is begun, and this throws what it threw after those in work have ended:
    /// nothing of it runs on any more. The first failure in the order of parts is the one that is thrown.
    ///
    /// Neither work nor taker may call this for another table: it would wait for its own turn to end.
    /// Interrupts are kept for later, also while it waits for its turn: who stops its caller stops those
    /// before it too.
    public <R> void inOrder(int parts, Work<R> work, Taker<R> taker) throws JobFailure, IOException {
        boolean isSmall = parts <= small;
        Semaphore taken = isSmall ? room : turn;
        int permits = isSmall ? parts : 1;
        taken.acquireUninterruptibly(permits);
        try {
            if (parts == 1) {
                taker.take(0, work.on(0));
            } else {
                sideBySide(parts, work, taker);
            }
        } finally {
            taken.release(permits);
        }
    }

    private <R> void sideBySide(int parts, Work<R> work, Taker<R> taker) throws JobFailure, IOException {
        var waiting = new ArrayDeque<Future<R>>();
        var givenUp = new AtomicBoolean();
        int begun = 0;
        try {
            for (int part = 0; part < parts; part++) {
                while (begun < parts && begun < part + threads + AHEAD) {
                    int next = begun++;
                    waiting.add(executor.submit(() -> {
                        if (givenUp.get()) {
                            throw new CancellationException();
                        }
                        return work.on(next);
                    }));
                }
                taker.take(part, result(waiting.remove()));
            }
        } finally {
            givenUp.set(true);
            waiting.forEach(Cores::awaitEnd);
        }
    }

    /// Takes no more parts; those that were taken are worked on to their end, since someone may wait for them.
    @Override
    public void close() {
        executor.shutdown();
    }

    private static <R> R result(Future<R> future) throws JobFailure, IOException {
        try {
            return ended(future);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case JobFailure failure -> throw failure;
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }

    /// Interrupts are kept for later: whoever waits owns files that the parts still read.
    private static <R> R ended(Future<R> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException kept) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void awaitEnd(Future<?> future) {
        try {
            ended(future);
        } catch (ExecutionException itsFailureIsNotTheFirst) {
            // The first one is on its way already.
        }
    }
}
