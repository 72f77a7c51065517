package dev.belay.kit;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Work on a thread of its own that stands still where it is told to, and goes on when it is told.
public final class Stalled<T> implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final Future<T> result;
    private Stop stop;

    /// Begins the work and waits until it stands still before or after a step.
    public Stalled(Callable<T> work, FaultPoint point, Side side) {
        stop = new Stop(point, side);
        result = threads.submit(work);
        stop.awaitReached();
    }

    /// Lets it go on to the next such place.
    public void goOnTo(FaultPoint point, Side side) {
        Stop next = new Stop(point, side);
        stop.release();
        stop = next;
        stop.awaitReached();
    }

    /// Lets it go on to its end.
    ///
    /// @return what it says
    public T end() throws Exception {
        stop.release();
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        stop.go.countDown();
        threads.shutdownNow();
    }

    private static final class Stop {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final Faults.Arm arm;

        Stop(FaultPoint point, Side side) {
            arm = Faults.arm(point, side, () -> {
                reached.countDown();
                go.await();
            });
        }

        void awaitReached() {
            try {
                if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    // Still armed it would stop whoever comes there next, in another test.
                    go.countDown();
                    arm.close();
                    throw new AssertionError("it never came to where it was to stop");
                }
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        void release() {
            arm.close();
            go.countDown();
        }
    }
}
