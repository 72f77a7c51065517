package dev.belay.dedupe;

import dev.belay.job.DedupeRule;
import java.io.IOException;

/// Decides, bucket by bucket, which rows are left out: all but the first of those with the same hash, or all but the
/// last.
///
/// A bucket with more different hashes than the table has room for is dealt out into smaller ones by the next bits.
/// What was decided of it until then stays true and is decided again.
final class Decision {
    private static final int SPLIT_BITS = 4;
    private static final int ENTRY_LONGS = 3;

    private final SpillBlocks blocks;
    private final KnownHashes known;
    private final Marks marks;
    private final Examples examples;
    private final boolean backward;
    private final Pulse pulse;

    Decision(SpillBlocks blocks, KnownHashes known, Marks marks, Examples examples, DedupeRule.Keep keep, Pulse pulse) {
        this.blocks = blocks;
        this.known = known;
        this.marks = marks;
        this.examples = examples;
        this.pulse = pulse;
        backward = switch (keep) {
            case FIRST -> false;
            case LAST -> true;
        };
    }

    /// Which bucket a hash goes to by some of its bits.
    ///
    /// @param used bits that were looked at before
    /// @param bits how many to look at
    static int bucket(long high, int used, int bits) {
        return bits == 0 ? 0 : (int) ((high << used) >>> (Long.SIZE - bits));
    }

    /// Decides a bucket and frees it.
    ///
    /// @param used how many bits all its hashes share
    void decide(Buckets buckets, int bucket, int used) throws IOException {
        known.clear();
        boolean[] fits = {true};
        Buckets.Taker taker = (block, length) -> {
            pulse.beat();
            fits[0] = backward ? takeBackward(block, length) : takeForward(block, length);
            return fits[0];
        };
        if (backward) {
            buckets.backward(bucket, taker);
        } else {
            buckets.forward(bucket, taker);
        }
        if (fits[0]) {
            buckets.free(bucket);
        } else {
            split(buckets, bucket, used);
        }
    }

    private boolean takeForward(long[] block, int length) throws IOException {
        for (int at = 0; at < length; at += ENTRY_LONGS) {
            if (!take(block[at], block[at + 1], block[at + 2])) {
                return false;
            }
        }
        return true;
    }

    private boolean takeBackward(long[] block, int length) throws IOException {
        for (int at = length - ENTRY_LONGS; at >= 0; at -= ENTRY_LONGS) {
            if (!take(block[at], block[at + 1], block[at + 2])) {
                return false;
            }
        }
        return true;
    }

    private boolean take(long high, long low, long row) throws IOException {
        long stays = known.keep(high, low, row);
        if (stays >= 0) {
            marks.mark(row);
            examples.add(row, stays);
        }
        return stays != KnownHashes.FULL;
    }

    private void split(Buckets buckets, int bucket, int used) throws IOException {
        if (used + SPLIT_BITS > Long.SIZE) {
            throw new IllegalStateException("different hashes share their first %d bits".formatted(used));
        }
        var smaller = new Buckets(blocks, 1 << SPLIT_BITS);
        buckets.forward(bucket, (block, length) -> {
            pulse.beat();
            for (int at = 0; at < length; at += ENTRY_LONGS) {
                smaller.add(bucket(block[at], used, SPLIT_BITS), block[at], block[at + 1], block[at + 2]);
            }
            return true;
        });
        smaller.finish();
        buckets.free(bucket);
        for (int one = 0; one < smaller.count(); one++) {
            decide(smaller, one, used + SPLIT_BITS);
        }
    }
}
