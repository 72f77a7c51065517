package dev.belay.tabular;

import org.jspecify.annotations.Nullable;

/// Counts different values and how often each is there: one by one up to a bound, then by a HyperLogLog sketch.
///
/// A value is known by a 64-bit hash of its bytes. Below the bound the count is exact unless two of at most 16,384
/// values share a hash, once in a hundred thousand million columns (made against accident, not malice). Both ways of
/// counting join in any order to the same result, which is why the sketch is our own: the estimate of a
/// DataSketches sketch depends on the order of its values. It is Ertl's improved estimator ("New cardinality
/// estimation algorithms for HyperLogLog sketches", 2017) over 8192 registers, a standard error of 1.15 %; over
/// fewer for more than 256 columns, 3.25 % at most.
final class DistinctTally {
    /// The sketch that there is none while values are counted one by one.
    static final byte[] FEW = {};

    private static final int HASHES_IN_ALL = 1 << 19;
    private static final int MOST = 1 << 14;
    private static final int LEAST = 1 << 8;
    private static final int REGISTERS_IN_ALL = 1 << 21;
    private static final int MOST_REGISTERS = 1 << 13;
    private static final int LEAST_REGISTERS = 1 << 10;
    private static final int FIRST_SLOTS = 64;
    // What a slot holds: the hash, how often it was there, and where the first of them stands in the file.
    private static final int SLOT = 3;
    // Values are looked up so many together: see settle().
    private static final int TOGETHER = 32;

    private final int bound;
    private final int logRegisters;
    private final long[] waiting = new long[2 * TOGETHER];
    private int waitingCount;
    // Written so that reading the slots beforehand is something that must be done.
    @SuppressWarnings("UnusedVariable")
    private long seen;

    private long[] slots = new long[FIRST_SLOTS * SLOT];
    private int mask = FIRST_SLOTS - 1;
    private int size;
    private byte @Nullable [] registers;

    /// Hears each different value with its count.
    @FunctionalInterface
    interface Hearer {
        void hear(long hash, long count, long place);
    }

    /// @param columns how many such counters there are, so that all together stay bounded
    DistinctTally(int columns) {
        int fitting = Integer.highestOneBit(REGISTERS_IN_ALL / columns);
        logRegisters = Integer.numberOfTrailingZeros(Math.clamp(fitting, LEAST_REGISTERS, MOST_REGISTERS));
        bound = Math.clamp(Integer.highestOneBit(HASHES_IN_ALL / columns), LEAST, MOST);
    }

    /// Begins anew.
    ///
    /// @param known the sketch of values before, when there are known to be more than the bound; else [#FEW]
    void clear(byte[] known) {
        waitingCount = 0;
        if (size > 0) {
            java.util.Arrays.fill(slots, 0);
        }
        size = 0;
        if (known.length == 0) {
            registers = null;
        } else if (registers == null) {
            registers = known.clone();
        } else {
            System.arraycopy(known, 0, registers, 0, known.length);
        }
    }

    static long hash(long word, int length) {
        return mixed(word ^ (length * 0x9E3779B97F4A7C15L));
    }

    /// The hash of more than eight bytes.
    static long hash(byte[] bytes, int from, int to) {
        long hash = (to - from) * 0x9E3779B97F4A7C15L;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = (hash ^ Words.at(bytes, at)) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 32;
        }
        // The last eight bytes, some of them for the second time.
        return mixed(hash ^ Words.at(bytes, to - 8));
    }

    private static long mixed(long word) {
        long hash = (word ^ (word >>> 32)) * 0x94D049BB133111EBL;
        hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }

    /// @param place where in the file the value stands
    void add(long hash, long place) {
        byte[] sketch = registers;
        if (sketch != null) {
            raise(sketch, hash);
            return;
        }
        waiting[2 * waitingCount] = hash;
        waiting[2 * waitingCount + 1] = place;
        if (++waitingCount == TOGETHER) {
            settle();
        }
    }

    /// Takes in the values that wait. All their slots are read first, one not waiting for the other, so that they
    /// come into the cache together: the slots of many columns are more than a cache holds.
    private void settle() {
        int count = waitingCount;
        waitingCount = 0;
        long all = 0;
        for (int each = 0; each < count && registers == null; each++) {
            all ^= slots[((int) (waiting[2 * each] >>> 32) & mask) * SLOT];
        }
        seen = all;
        for (int each = 0; each < count; each++) {
            byte[] sketch = registers;
            if (sketch != null) {
                raise(sketch, waiting[2 * each]);
            } else {
                add(waiting[2 * each], 1, waiting[2 * each + 1]);
            }
        }
    }

    private void add(long hash, long count, long place) {
        long[] slots = this.slots;
        int slot = (int) (hash >>> 32) & mask;
        while (true) {
            int at = slot * SLOT;
            long there = slots[at];
            if (there == hash) {
                slots[at + 1] += count;
                if (place < slots[at + 2]) {
                    slots[at + 2] = place;
                }
                return;
            }
            if (there == 0) {
                slots[at] = hash;
                slots[at + 1] = count;
                slots[at + 2] = place;
                if (++size > bound) {
                    toSketch();
                } else if (size < bound && size * 2 > mask) {
                    grow();
                }
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    private void raise(byte[] registers, long hash) {
        int register = (int) (hash >>> (64 - logRegisters));
        int rank = Long.numberOfLeadingZeros((hash << logRegisters) | (1L << (logRegisters - 1))) + 1;
        if (rank > registers[register]) {
            registers[register] = (byte) rank;
        }
    }

    /// Takes in what another has counted.
    void add(DistinctTally other) {
        settle();
        other.settle();
        byte[] sketch = other.registers;
        if (sketch == null) {
            other.forEach((hash, count, place) -> {
                byte[] own = registers;
                if (own == null) {
                    add(hash, count, place);
                } else {
                    raise(own, hash);
                }
            });
            return;
        }
        if (registers == null) {
            toSketch();
        }
        byte[] own = java.util.Objects.requireNonNull(registers);
        for (int at = 0; at < sketch.length; at++) {
            own[at] = (byte) Math.max(own[at], sketch[at]);
        }
    }

    /// The different values, in no order; none when they are not counted one by one.
    void forEach(Hearer hearer) {
        settle();
        for (int at = 0; at < slots.length && size > 0; at += SLOT) {
            if (slots[at] != 0) {
                hearer.hear(slots[at], slots[at + 1], slots[at + 2]);
            }
        }
    }

    /// The sketch itself, or [#FEW].
    byte[] ranks() {
        settle();
        byte[] sketch = registers;
        return sketch == null ? FEW : sketch;
    }

    boolean isExact() {
        settle();
        return registers == null;
    }

    long count() {
        settle();
        byte[] sketch = registers;
        return sketch == null ? size : Math.round(estimate(sketch));
    }

    private void toSketch() {
        byte[] fresh = new byte[1 << logRegisters];
        forEach((hash, count, place) -> raise(fresh, hash));
        registers = fresh;
        slots = new long[FIRST_SLOTS * SLOT];
        mask = FIRST_SLOTS - 1;
        size = 0;
    }

    private void grow() {
        long[] old = slots;
        mask = mask * 2 + 1;
        slots = new long[(mask + 1) * SLOT];
        for (int at = 0; at < old.length; at += SLOT) {
            if (old[at] == 0) {
                continue;
            }
            int slot = (int) (old[at] >>> 32) & mask;
            while (slots[slot * SLOT] != 0) {
                slot = (slot + 1) & mask;
            }
            System.arraycopy(old, at, slots, slot * SLOT, SLOT);
        }
    }

    private static double estimate(byte[] registers) {
        double count = registers.length;
        int mostRank = Long.SIZE - Integer.numberOfTrailingZeros(registers.length) + 1;
        int[] ranks = new int[mostRank + 1];
        for (byte rank : registers) {
            ranks[rank]++;
        }
        double sum = count * tau(1 - ranks[mostRank] / count);
        for (int rank = mostRank - 1; rank >= 1; rank--) {
            sum = 0.5 * (sum + ranks[rank]);
        }
        sum += count * sigma(ranks[0] / count);
        return count * count / (2 * Math.log(2)) / sum;
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double weight = 1;
        double sum = x;
        double before;
        do {
            x *= x;
            before = sum;
            sum += x * weight;
            weight += weight;
        } while (sum != before);
        return sum;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double weight = 1;
        double sum = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = sum;
            weight *= 0.5;
            sum -= (1 - x) * (1 - x) * weight;
        } while (sum != before);
        return sum / 3;
    }
}
