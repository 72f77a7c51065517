package dev.belay.dedupe;

import java.util.Arrays;

/// The hashes met so far, each with the row that has it and stays: a table of fixed size with open addressing.
final class KnownHashes {
    /// The hash was not known; it is now.
    static final long NEW = -1;
    /// The hash is not known, and there is no room for it.
    static final long FULL = -2;

    private static final int SLOT_LONGS = 3;

    private final long[] table;
    private final int mask;
    private final int room;
    private int known;

    /// @param slots a power of two
    KnownHashes(int slots) {
        table = new long[Math.multiplyExact(SLOT_LONGS, slots)];
        mask = slots - 1;
        room = room(slots);
    }

    /// How many hashes a table takes: three quarters of its slots.
    static int room(int slots) {
        return slots / 4 * 3;
    }

    void clear() {
        Arrays.fill(table, 0);
        known = 0;
    }

    /// The row that has this hash and stays, or [#NEW] or [#FULL].
    ///
    /// @param row that stays if the hash is new
    long keep(long high, long low, long row) {
        // Buckets are told by the high half, so the low one spreads over the table.
        int slot = (int) low & mask;
        while (true) {
            int at = SLOT_LONGS * slot;
            long kept = table[at + 2];
            if (kept == 0) {
                return put(at, high, low, row);
            }
            if (table[at] == high && table[at + 1] == low) {
                return kept - 1;
            }
            slot = slot + 1 & mask;
        }
    }

    private long put(int at, long high, long low, long row) {
        if (known == room) {
            return FULL;
        }
        known++;
        table[at] = high;
        table[at + 1] = low;
        // One more, so that 0 is an empty slot.
        table[at + 2] = row + 1;
        return NEW;
    }
}
