package dev.belay.dedupe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;

/// Which rows are marked. May be asked by several threads.
sealed interface Marked {
    /// How many.
    long count();

    /// Which of the rows `from` to `to - 1`: bit 0 is for row `from`.
    BitSet among(long from, long to) throws IOException;

    /// A bit for each row, from the lowest of the first number on.
    // Not compared with others.
    @SuppressWarnings("ArrayRecordComponent")
    record InMemory(long[] bits, long count) implements Marked {
        @Override
        public BitSet among(long from, long to) {
            return cut(Arrays.copyOfRange(bits, (int) (from >>> 6), (int) ((to + 63) >>> 6)), from, to);
        }
    }

    /// The same in a file, each number with its highest byte first.
    record InFile(Path file, long count) implements Marked {
        static final int STEP_LONGS = 8192;

        @Override
        public BitSet among(long from, long to) throws IOException {
            long[] words = new long[Math.toIntExact(((to + 63) >>> 6) - (from >>> 6))];
            ByteBuffer buffer = ByteBuffer.allocate(Math.min(STEP_LONGS, words.length) * Long.BYTES);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long position = (from >>> 6) * Long.BYTES;
                for (int at = 0; at < words.length; at += STEP_LONGS) {
                    int count = Math.min(STEP_LONGS, words.length - at);
                    buffer.clear().limit(count * Long.BYTES);
                    while (buffer.hasRemaining()) {
                        int read = channel.read(buffer, position);
                        if (read < 0) {
                            throw new IOException("%s ends before byte %d".formatted(file, position));
                        }
                        position += read;
                    }
                    buffer.flip();
                    buffer.asLongBuffer().get(words, at, count);
                }
            }
            return cut(words, from, to);
        }
    }

    private static BitSet cut(long[] words, long from, long to) {
        int begin = (int) (from & 63);
        return BitSet.valueOf(words).get(begin, begin + Math.toIntExact(to - from));
    }
}
