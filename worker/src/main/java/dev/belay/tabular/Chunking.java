package dev.belay.tabular;

/// How a file is cut into chunks that are read side by side.
///
/// @param chunkBytes how long a chunk is, but for the rest of its last record
/// @param slackBytes how much of that rest is read along; a record that needs more is read by one thread alone
/// @param draftedFrom from how many chunks on it is worth to write a table while it is examined
public record Chunking(int chunkBytes, int slackBytes, int draftedFrom) {
    /// Some MiB: long enough to be worth a thread, short enough for many to stand in memory.
    public static final Chunking USUAL = new Chunking(4 << 20, 1 << 18, 4);

    /// Chunks of files that are drafted however few they are.
    public Chunking(int chunkBytes, int slackBytes) {
        this(chunkBytes, slackBytes, 1);
    }

    /// @throws IllegalArgumentException when one is not positive
    public Chunking {
        if (chunkBytes < 1 || slackBytes < 1 || draftedFrom < 1) {
            throw new IllegalArgumentException(
                    "chunks are at least one byte, not %d and %d".formatted(chunkBytes, slackBytes));
        }
    }

    /// How many chunks so many bytes make, at least one.
    int chunks(long bytes) {
        return Math.toIntExact(Math.max(1, (bytes + chunkBytes - 1) / chunkBytes));
    }
}
