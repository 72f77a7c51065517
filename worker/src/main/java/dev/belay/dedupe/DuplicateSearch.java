package dev.belay.dedupe;

import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.file.Path;

/// Finds the rows of a table that are the same as others.
///
/// Every row becomes a hash of 128 bits ([RowHashes]), on all cores; the hashes are dealt out into buckets by their
/// first bits, so that those of one bucket fit into a table in memory, and each bucket is decided by itself. What does
/// not fit into memory goes to one file until then. So memory is bounded at any number of rows, and the result depends
/// on the rows and their order alone: not on parts, threads or memory.
///
/// Two rows that differ have the same hash by chance with odds of 2^-128; among `n` rows it happens somewhere with odds
/// of about `n * n / 2^129`: for a thousand million rows less than 2 in 10^21. Nobody can look for such rows
/// beforehand, since they do not know the salt.
public final class DuplicateSearch {
    /// How many pairs of rows that are the same are told.
    public static final int EXAMPLES = 20;

    private final Cores cores;
    private final long memoryBytes;
    private final SharedMemory memory;

    /// @param cores       on which rows are read; the caller's
    /// @param memoryBytes what all searches may hold in memory together, besides 16 bytes for each row of
    /// the parts that are being read: one that wants more than others leave waits for them
    public DuplicateSearch(Cores cores, long memoryBytes) {
        this.cores = cores;
        this.memoryBytes = memoryBytes;
        memory = new SharedMemory(memoryBytes);
    }

    /// With a thread of its own.
    public static DuplicateSearch alone(long memoryBytes) {
        return new DuplicateSearch(new Cores(1), memoryBytes);
    }

    /// Where and how a search goes on.
    ///
    /// @param folder   the attempt's own, for what does not fit into memory: `duplicates.spill` until the
    /// search ends, `duplicates` as long as the result is used
    /// @param salt     at most 64 bytes, others for every attempt
    /// @param progress hears the rows that were read
    /// @param pulse    may end it
    // Not compared with others.
    @SuppressWarnings("ArrayRecordComponent")
    public record Terms(Path folder, byte[] salt, Progress progress, Pulse pulse) {}

    /// Reads every row once.
    ///
    /// @throws JobFailure  what reading the rows throws
    /// @throws IOException when the rows cannot be read or the folder not be written, or to end it
    public Duplicates find(TypedTable rows, Sameness same, Terms terms) throws JobFailure, IOException {
        MemoryPlan plan = MemoryPlan.of(memoryBytes, rows.rows());
        Path spill = terms.folder().resolve("duplicates.spill");
        try (SharedMemory.Share _ = memory.take(MemoryPlan.bytes(rows.rows()), terms.pulse());
                var blocks = new SpillBlocks(spill, plan.blockLongs(), plan.blocksKept())) {
            var buckets = new Buckets(blocks, plan.buckets());
            deal(rows, same, terms, buckets, plan.bucketBits());
            buckets.finish();
            var marks = new Marks(rows.rows(), plan, blocks);
            var examples = new Examples(EXAMPLES);
            var decision =
                    new Decision(blocks, new KnownHashes(plan.slots()), marks, examples, same.keep(), terms.pulse());
            for (int bucket = 0; bucket < buckets.count(); bucket++) {
                decision.decide(buckets, bucket, plan.bucketBits());
            }
            return new Duplicates(marks.finish(terms.folder().resolve("duplicates")), examples.pairs());
        }
    }

    private void deal(TypedTable rows, Sameness same, Terms terms, Buckets buckets, int bits)
            throws JobFailure, IOException {
        cores.inOrder(
                rows.parts(),
                part -> {
                    int count = Math.toIntExact(DistinctTable.end(rows, part) - rows.rowsBefore(part));
                    var hashes = new RowHashes(same, terms.salt(), count);
                    rows.read(part, hashes);
                    return hashes;
                },
                (part, hashes) -> {
                    long before = rows.rowsBefore(part);
                    for (int row = 0; row < hashes.rows(); row++) {
                        if (!hashes.isKeyless(row)) {
                            long high = hashes.high(row);
                            buckets.add(Decision.bucket(high, 0, bits), high, hashes.low(row), before + row);
                        }
                    }
                    terms.progress().at(before + hashes.rows(), rows.rows());
                });
    }
}
