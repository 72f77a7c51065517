package dev.belay.parts;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets parts that are worked on side by side by [Cores] do something one after the other, in their order.
///
/// Whoever has the turn sees what those before it did in theirs. It never waits for ever, since a part is begun
/// after all those before it, and each of them either passes the turn on or fails.
public final class Turns {
    // Guards the fields below.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int now;
    private int failed = Integer.MAX_VALUE;

    /// Returns when all parts before this one have passed the turn on.
    ///
    /// @throws CancellationException when one of them has failed
    public void await(int part) {
        lock.lock();
        try {
            while (now < part) {
                if (failed < part) {
                    throw new CancellationException("part " + failed + " failed");
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Gives the turn to the next part. By the part that has it.
    public void pass(int part) {
        lock.lock();
        try {
            if (now != part) {
                throw new IllegalStateException("it is the turn of part %d, not %d".formatted(now, part));
            }
            now++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the waiting of all parts after this one.
    public void fail(int part) {
        lock.lock();
        try {
            failed = Math.min(failed, part);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
