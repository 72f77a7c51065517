package dev.belay.dedupe;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Numbers dealt out into buckets, each of which gives them back in the order in which it got them, or in the reverse.
final class Buckets {
    private final SpillBlocks blocks;
    private final long[] @Nullable [] open;
    private final int[] filled;
    private final int[][] full;
    private final int[] fullCount;

    /// Takes one block after the other.
    @FunctionalInterface
    interface Taker {
        /// @param block its first `length` numbers count; valid during the call only
        /// @return whether to go on
        boolean take(long[] block, int length) throws IOException;
    }

    Buckets(SpillBlocks blocks, int count) {
        this.blocks = blocks;
        open = new long[count][];
        filled = new int[count];
        full = new int[count][0];
        fullCount = new int[count];
    }

    int count() {
        return filled.length;
    }

    /// Adds three numbers that stay together; a block's length is a multiple of three.
    void add(int bucket, long one, long two, long three) throws IOException {
        long[] block = block(bucket);
        int at = filled[bucket];
        block[at] = one;
        block[at + 1] = two;
        block[at + 2] = three;
        filled[bucket] = at + 3;
    }

    /// Adds a number.
    void add(int bucket, long number) throws IOException {
        block(bucket)[filled[bucket]++] = number;
    }

    private long[] block(int bucket) throws IOException {
        long[] block = open[bucket];
        if (block == null) {
            block = new long[blocks.length()];
            open[bucket] = block;
        } else if (filled[bucket] == block.length) {
            putAway(bucket, block);
            filled[bucket] = 0;
        }
        return block;
    }

    private void putAway(int bucket, long[] block) throws IOException {
        if (fullCount[bucket] == full[bucket].length) {
            full[bucket] = Arrays.copyOf(full[bucket], Math.max(4, 2 * fullCount[bucket]));
        }
        full[bucket][fullCount[bucket]++] = blocks.put(block);
    }

    /// Nothing is added any more: the blocks that were being filled are put away too. Their memory is free then.
    void finish() throws IOException {
        for (int bucket = 0; bucket < count(); bucket++) {
            long[] block = open[bucket];
            if (block != null) {
                putAway(bucket, block);
                open[bucket] = null;
            }
        }
    }

    /// Gives the blocks of a bucket in their order, after [#finish].
    void forward(int bucket, Taker taker) throws IOException {
        long[] block = new long[blocks.length()];
        for (int at = 0; at < fullCount[bucket]; at++) {
            blocks.get(full[bucket][at], block);
            if (!taker.take(block, length(bucket, at))) {
                return;
            }
        }
    }

    /// Gives the last block first, after [#finish].
    void backward(int bucket, Taker taker) throws IOException {
        long[] block = new long[blocks.length()];
        for (int at = fullCount[bucket] - 1; at >= 0; at--) {
            blocks.get(full[bucket][at], block);
            if (!taker.take(block, length(bucket, at))) {
                return;
            }
        }
    }

    private int length(int bucket, int at) {
        return at == fullCount[bucket] - 1 ? filled[bucket] : blocks.length();
    }

    /// Forgets what is in a bucket.
    void free(int bucket) {
        for (int at = 0; at < fullCount[bucket]; at++) {
            blocks.free(full[bucket][at]);
        }
        fullCount[bucket] = 0;
        full[bucket] = new int[0];
    }
}
