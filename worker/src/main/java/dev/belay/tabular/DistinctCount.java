package dev.belay.tabular;

import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.jspecify.annotations.Nullable;

/// Counts different values: one by one up to a bound, then by a HyperLogLog sketch (Apache DataSketches).
///
/// A value is known by a 64-bit hash of its characters. Below the bound the count is exact unless two of at most 65,536
/// values share a hash, once in eight thousand million columns.
final class DistinctCount {
    private static final int HASHES_IN_ALL = 1 << 22;
    private static final int MOST = 1 << 16;
    private static final int LEAST = 1 << 10;
    // 8192 registers of one byte: a standard error of about 1 %.
    private static final int LOG_REGISTERS = 13;

    private final int bound;
    private long[] hashes = new long[16];
    private int size;
    private boolean zeroSeen;
    private @Nullable HllSketch sketch;

    /// @param columns how many such counters there are, so that all together stay bounded
    DistinctCount(int columns) {
        bound = Math.clamp(Integer.highestOneBit(HASHES_IN_ALL / columns), LEAST, MOST);
    }

    void add(char[] chars, int from, int to) {
        long hash = 1;
        for (int at = from; at < to; at++) {
            hash = (hash ^ chars[at]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        addHash(hash);
    }

    long count() {
        return sketch == null ? size + (zeroSeen ? 1 : 0) : Math.round(sketch.getEstimate());
    }

    boolean isExact() {
        return sketch == null;
    }

    private void addHash(long hash) {
        if (sketch != null) {
            sketch.update(hash);
        } else if (hash == 0) {
            zeroSeen = true;
        } else if (insert(hash) && ++size * 2 > hashes.length) {
            grow();
        }
    }

    private boolean insert(long hash) {
        int mask = hashes.length - 1;
        int at = (int) (hash >>> 32) & mask;
        while (hashes[at] != 0) {
            if (hashes[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        hashes[at] = hash;
        return true;
    }

    private void grow() {
        long[] old = hashes;
        if (size >= bound) {
            hashes = new long[0];
            var fresh = new HllSketch(LOG_REGISTERS, TgtHllType.HLL_8);
            for (long hash : old) {
                if (hash != 0) {
                    fresh.update(hash);
                }
            }
            if (zeroSeen) {
                fresh.update(0L);
            }
            sketch = fresh;
            return;
        }
        hashes = new long[old.length * 2];
        for (long hash : old) {
            if (hash != 0) {
                insert(hash);
            }
        }
    }
}
