package dev.belay.intake;

import java.util.BitSet;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What has become of the messages of one partition: which are being dealt with, which are settled, that is, whose
/// outcome and offset have been committed.
///
/// ```
///   0 … settled for ever … │ watermark │ settled and open in any order │ next │ not delivered yet, some settled
/// before
/// ```
/// Offsets without a message (transaction markers, compacted ones) are settled as soon as a later message is delivered.
/// An offset is settled only by [#settle], after the commit that said so: what [#marksAfter] gives is a plan.
///
/// Safe for the poll thread and the announcer at once.
final class OffsetLedger {
    /// The widest window that always fits into the metadata of an offset, see [OffsetMetadata].
    static final int WIDEST_WINDOW = 16_384;

    private final int window;

    // Guards everything below.
    private final Object lock = new Object();
    private final NavigableSet<Long> open = new TreeSet<>();
    // Offsets from `next` on that an earlier owner has settled.
    private final NavigableSet<Long> settledAhead = new TreeSet<>();
    private long next;
    private boolean started;

    /// The ledger of a partition with no committed offset: begins with the first message delivered.
    OffsetLedger(int window) {
        if (window < 1 || window > WIDEST_WINDOW) {
            throw new IllegalArgumentException(
                    "the window is 1 to " + WIDEST_WINDOW + " offsets per partition, not " + window);
        }
        this.window = window;
    }

    /// The ledger as an earlier owner left it.
    OffsetLedger(int window, Marks committed) {
        this(window);
        next = committed.watermark();
        started = true;
        committed.settled().stream().forEach(distance -> settledAhead.add(committed.watermark() + 1 + distance));
    }

    /// Whether the message at `offset` was dealt with by an earlier owner; if so it counts as seen.
    boolean passes(long offset) {
        synchronized (lock) {
            if (!settledAhead.contains(offset)) {
                return false;
            }
            seen(offset);
            return true;
        }
    }

    /// Whether a message at `offset` may be taken now without the window growing beyond its bound.
    boolean admits(long offset) {
        synchronized (lock) {
            return open.isEmpty() || offset - open.first() < window;
        }
    }

    /// Whether half of the window is free for a message at `offset`.
    boolean hasEased(long offset) {
        synchronized (lock) {
            return open.isEmpty() || offset - open.first() <= window / 2;
        }
    }

    /// Whether the log has gone back behind what was seen: the partition is not what it was.
    boolean isBehind(long offset) {
        synchronized (lock) {
            return started && offset < next;
        }
    }

    /// Takes note that the message at `offset` is being dealt with.
    void open(long offset) {
        synchronized (lock) {
            seen(offset);
            open.add(offset);
        }
    }

    /// The offset after the last that was seen.
    long next() {
        synchronized (lock) {
            return next;
        }
    }

    private void seen(long offset) {
        if (started && offset < next) {
            throw new IllegalStateException("offset " + offset + " came after " + (next - 1));
        }
        started = true;
        next = offset + 1;
        settledAhead.headSet(next).clear();
    }

    /// What is to be committed together with the outcomes of the messages at `offsets`.
    Marks marksAfter(Collection<Long> offsets) {
        synchronized (lock) {
            var remaining = new TreeSet<>(open);
            remaining.removeAll(offsets);
            long watermark = remaining.isEmpty() ? pastSettled(next) : remaining.first();
            var settled = new BitSet();
            if (watermark + 1 < next) {
                settled.set(0, (int) (next - watermark - 1));
                remaining.tailSet(watermark + 1).forEach(offset -> settled.clear((int) (offset - watermark - 1)));
            }
            settledAhead.tailSet(watermark + 1).forEach(offset -> settled.set((int) (offset - watermark - 1)));
            return new Marks(watermark, settled);
        }
    }

    /// The watermark itself cannot be marked as settled, so it stands behind all that follow it without a gap.
    private long pastSettled(long offset) {
        long past = offset;
        while (settledAhead.contains(past)) {
            past++;
        }
        return past;
    }

    /// Takes note that a commit with [#marksAfter] of these offsets went through.
    void settle(Collection<Long> offsets) {
        synchronized (lock) {
            offsets.forEach(open::remove);
        }
    }

    /// How many messages are being dealt with.
    int openCount() {
        synchronized (lock) {
            return open.size();
        }
    }

    /// The offset below which everything is settled, once there is one.
    @Nullable Long watermark() {
        synchronized (lock) {
            if (!started) {
                return null;
            }
            return open.isEmpty() ? Long.valueOf(next) : open.first();
        }
    }

    /// A partition's state as it is committed.
    ///
    /// @param watermark everything below it is settled
    /// @param settled   bit n set: so is `watermark + 1 + n`
    record Marks(long watermark, BitSet settled) {
        Marks {
            settled = (BitSet) settled.clone();
        }

        @Override
        public BitSet settled() {
            return (BitSet) settled.clone();
        }

        /// Whether the message at `offset` is settled.
        boolean contains(long offset) {
            return offset < watermark || (offset > watermark && settled.get((int) (offset - watermark - 1)));
        }
    }
}
