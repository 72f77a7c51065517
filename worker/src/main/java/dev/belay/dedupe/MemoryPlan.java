package dev.belay.dedupe;

/// What a search may hold in memory, in parts: half of it the hashes that are known, a quarter the blocks that are
/// being filled, an eighth the blocks that are full, and an eighth the marks.
///
/// @param slots       of the table of hashes, a power of two
/// @param buckets     into which hashes are dealt out, a power of two
/// @param blockLongs  numbers in a block, a multiple of three
/// @param blocksKept  full blocks that need not go to the file
/// @param windowRows  rows whose marks stand in memory at once, a multiple of 64
record MemoryPlan(int slots, int buckets, int blockLongs, int blocksKept, long windowRows) {
    /// Most buckets, each of which has a block that is being filled.
    static final int MOST_BUCKETS = 256;

    private static final long LEAST_BYTES = 4096;
    private static final long ROW_BYTES = 128;
    private static final int LEAST_SLOTS = 8;
    private static final int MOST_SLOTS = 1 << 26;
    private static final int ENTRY_LONGS = 3;
    private static final int LEAST_BLOCK = 8 * ENTRY_LONGS;
    private static final int MOST_BLOCK = 2730 * ENTRY_LONGS;

    /// @param bytes how much memory it may be, in all
    /// @param rows  of the table
    static MemoryPlan of(long bytes, long rows) {
        long most = Math.clamp(bytes / 2 / (ENTRY_LONGS * Long.BYTES), LEAST_SLOTS, MOST_SLOTS);
        int slots = (int) Math.min(Long.highestOneBit(most), powerOfTwo(Math.max(LEAST_SLOTS, rows + rows / 2 + 1)));
        int room = KnownHashes.room(slots);
        // Three quarters full on average: then hardly any has more than there is room for.
        int buckets =
                rows <= room ? 1 : (int) Math.min(MOST_BUCKETS, powerOfTwo(rows / Math.max(1, room * 3L / 4) + 1));
        long block = Math.clamp(bytes / (4L * MOST_BUCKETS * Long.BYTES), LEAST_BLOCK, MOST_BLOCK);
        int blockLongs = (int) Math.min(block, Math.max(LEAST_BLOCK, rows * ENTRY_LONGS)) / ENTRY_LONGS * ENTRY_LONGS;
        int blocksKept = (int) Math.min(Integer.MAX_VALUE, bytes / 8 / (blockLongs * (long) Long.BYTES));
        return new MemoryPlan(
                slots, buckets, blockLongs, blocksKept, Math.max(Long.SIZE, bytes / Long.SIZE * Long.SIZE));
    }

    /// What a search in so many rows holds at most where memory is ample: slots of up to three times the rows, the rows
    /// once more in blocks that are being filled and once in full ones, and their marks.
    static long bytes(long rows) {
        return Math.addExact(LEAST_BYTES, Math.multiplyExact(ROW_BYTES, rows));
    }

    private static long powerOfTwo(long atLeast) {
        return atLeast <= 1 ? 1 : Long.highestOneBit(atLeast - 1) << 1;
    }

    int bucketBits() {
        return Integer.numberOfTrailingZeros(buckets);
    }
}
