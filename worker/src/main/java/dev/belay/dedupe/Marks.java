package dev.belay.dedupe;

import dev.belay.fault.FaultPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows that are marked, in any order and as often as one likes: a bit for each row, in memory if there are few rows,
/// else dealt out into windows and written into a file window by window.
final class Marks {
    private final long rows;
    private final long window;
    private final long[] bits;
    private final @Nullable Buckets windows;

    Marks(long rows, MemoryPlan memory, SpillBlocks blocks) {
        this.rows = rows;
        window = memory.windowRows();
        boolean fits = rows <= window;
        bits = new long[words(fits ? rows : window)];
        windows = fits ? null : new Buckets(blocks, Math.toIntExact((rows + window - 1) / window));
    }

    private static int words(long rows) {
        return Math.toIntExact((rows + Long.SIZE - 1) / Long.SIZE);
    }

    void mark(long row) throws IOException {
        if (windows == null) {
            set(row);
        } else {
            windows.add((int) (row / window), row % window);
        }
    }

    private void set(long row) {
        // A shift is by the last six bits of its distance.
        bits[(int) (row >>> 6)] |= 1L << row;
    }

    /// What was marked.
    ///
    /// @param file where it goes if it is too much to stay in memory
    Marked finish(Path file) throws IOException {
        return windows == null ? new Marked.InMemory(bits, count()) : write(windows, file);
    }

    private Marked write(Buckets dealt, Path file) throws IOException {
        dealt.finish();
        long marked = 0;
        FaultPoint.DEDUPE_MARK.before();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int at = 0; at < dealt.count(); at++) {
                Arrays.fill(bits, 0);
                dealt.forward(at, (block, length) -> {
                    for (int number = 0; number < length; number++) {
                        set(block[number]);
                    }
                    return true;
                });
                dealt.free(at);
                marked += count();
                append(channel, words(Math.min(window, rows - at * window)));
            }
        }
        FaultPoint.DEDUPE_MARK.after();
        return new Marked.InFile(file, marked);
    }

    private void append(FileChannel channel, int words) throws IOException {
        int step = Marked.InFile.STEP_LONGS;
        ByteBuffer buffer = ByteBuffer.allocate(step * Long.BYTES);
        for (int from = 0; from < words; from += step) {
            int count = Math.min(step, words - from);
            buffer.clear();
            buffer.asLongBuffer().put(bits, from, count);
            buffer.limit(count * Long.BYTES);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    private long count() {
        long count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count;
    }
}
