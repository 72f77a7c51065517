package dev.belay.dedupe;

import dev.belay.fault.FaultPoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocks of numbers of one length: so many of them in memory, the others in one file, which goes when this is closed.
///
/// A block's number is positive or zero in memory, negative in the file. Used by one thread. Killed half-way there is
/// a file in the attempt's own folder.
final class SpillBlocks implements Closeable {
    private final Path file;
    private final int length;
    private final int kept;
    private final List<long[]> memory = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Deque<Integer> freeInFile = new ArrayDeque<>();
    private final ByteBuffer buffer;
    private @Nullable FileChannel channel;
    private int inFile;

    /// @param length numbers in a block
    /// @param kept   blocks in memory at most
    SpillBlocks(Path file, int length, int kept) {
        this.file = file;
        this.length = length;
        this.kept = kept;
        buffer = ByteBuffer.allocate(length * Long.BYTES);
    }

    int length() {
        return length;
    }

    /// How many blocks have gone to the file so far, one over the other not counted.
    int spilled() {
        return inFile;
    }

    /// Keeps a copy of a block.
    ///
    /// @return its number
    int put(long[] block) throws IOException {
        Integer known = free.poll();
        if (known != null) {
            System.arraycopy(block, 0, memory.get(known), 0, length);
            return known;
        }
        if (memory.size() < kept) {
            memory.add(block.clone());
            return memory.size() - 1;
        }
        Integer place = freeInFile.poll();
        int at = place != null ? place : inFile++;
        buffer.clear();
        buffer.asLongBuffer().put(block, 0, length);
        FaultPoint.DEDUPE_SPILL.before();
        write(at);
        FaultPoint.DEDUPE_SPILL.after();
        return ~at;
    }

    private void write(int at) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            channel = open;
        }
        long position = position(at);
        while (buffer.hasRemaining()) {
            position += open.write(buffer, position);
        }
    }

    /// Copies a block into an array of its length.
    void get(int number, long[] into) throws IOException {
        if (number >= 0) {
            System.arraycopy(memory.get(number), 0, into, 0, length);
            return;
        }
        FileChannel open = channel;
        if (open == null) {
            throw new IllegalStateException("no block has gone to the file");
        }
        buffer.clear();
        long position = position(~number);
        while (buffer.hasRemaining()) {
            int read = open.read(buffer, position);
            if (read < 0) {
                throw new IOException("%s ends before byte %d".formatted(file, position));
            }
            position += read;
        }
        buffer.flip();
        buffer.asLongBuffer().get(into, 0, length);
    }

    /// Gives a block's place to others.
    void free(int number) {
        if (number >= 0) {
            free.add(number);
        } else {
            freeInFile.add(~number);
        }
    }

    private long position(int at) {
        return (long) at * length * Long.BYTES;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            Files.deleteIfExists(file);
        }
    }
}
