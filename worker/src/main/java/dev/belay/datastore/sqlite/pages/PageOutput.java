package dev.belay.datastore.sqlite.pages;

import dev.belay.disk.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Where the pages of one file go. Long blocks are written by a thread of its own and, where the file system can,
/// past the page cache: copying hundreds of megabytes into it, and having them written back from there, costs as much
/// as a tenth of a load. All else is written as usual, at once.
///
/// Nothing is durable before the file was fsynced, which is not done here. Safe for many threads.
final class PageOutput implements AutoCloseable {
    /// What addresses, places and lengths must be multiples of to pass by the cache; devices want 512 or this.
    static final int ALIGNMENT = 4096;

    // Blocks that are being written or wait for it; their memory is taken meanwhile.
    private static final int AHEAD = 3;

    // Shorter ones are not worth a visit to the disk of their own: a table that has no longer one is written to it
    // once.
    private static final int LONG_BLOCK = 1 << 20;

    private final Path path;
    private final FileChannel file;
    private final PageSize size;
    private final Blocks blocks;
    private final int blockBytes;
    private final int longBlock;
    private final WriteBack writeBack;
    private final Semaphore room = new Semaphore(AHEAD);
    // Guards the two below.
    private final Object lock = new Object();
    private @Nullable ExecutorService writer;
    private @Nullable Throwable failed;
    // By the writer alone.
    private @Nullable FileChannel direct;
    private boolean cannotPass;

    /// @param blockBytes how long blocks are at most
    /// @param name       what is written, for failures
    PageOutput(Path path, PageSize size, Blocks blocks, int blockBytes, String name) throws IOException {
        this.path = path;
        this.size = size;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        longBlock = Math.min(LONG_BLOCK, blockBytes / 2);
        file = FileChannel.open(path, StandardOpenOption.WRITE);
        writeBack = new WriteBack(file, "the pages of " + name);
    }

    /// Writes a page at once.
    void write(byte[] page, long number) throws IOException {
        write(file, ByteBuffer.wrap(page), (number - 1) * size.bytes());
    }

    /// Writes a block to where its numbers say: at once, unless it is long.
    ///
    /// @return a block to go on with, which may be the same
    /// @throws IOException when this or an earlier block could not be written
    PageBlock write(PageBlock block, PageNumbers numbers, long first) throws IOException {
        refuseIfFailed();
        if (block.pages() * size.bytes() < longBlock || size.bytes() % ALIGNMENT != 0) {
            block.write(this::writeUsually, numbers, first);
            return block;
        }
        PageBlock next = blocks.take();
        next.begin(size, blockBytes);
        room.acquireUninterruptibly();
        boolean handedOver = false;
        try {
            executor().execute(() -> writeLong(block, numbers, first));
            handedOver = true;
        } finally {
            if (!handedOver) {
                // There is no thread to be had: whoever closes this must not wait for it.
                room.release();
                blocks.giveBack(next);
            }
        }
        return next;
    }

    private ExecutorService executor() {
        synchronized (lock) {
            ExecutorService found = writer;
            if (found == null) {
                found = Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("pages").factory());
                writer = found;
            }
            return found;
        }
    }

    private void writeLong(PageBlock block, PageNumbers numbers, long first) {
        try {
            block.write(this::writePassing, numbers, first);
        } catch (IOException | RuntimeException | Error failure) {
            // Nobody hears what a thread throws: it is kept, whatever it is, or the file would have a hole.
            synchronized (lock) {
                failed = failed == null ? failure : failed;
            }
        } finally {
            blocks.giveBack(block);
            room.release();
        }
    }

    private void writePassing(ByteBuffer pages, long position) throws IOException {
        FileChannel channel = direct();
        if (channel == null) {
            writeUsually(pages, position);
            return;
        }
        try {
            write(channel, pages.duplicate(), position);
        } catch (IOException refused) {
            // Perhaps only this way: whatever is wrong with the disk will be said again.
            cannotPass = true;
            writeUsually(pages, position);
        }
    }

    private @Nullable FileChannel direct() {
        if (cannotPass) {
            return null;
        }
        if (direct == null) {
            try {
                if (ALIGNMENT % Files.getFileStore(path).getBlockSize() == 0) {
                    direct = FileChannel.open(path, StandardOpenOption.WRITE, passing());
                }
            } catch (IOException | UnsupportedOperationException hasNoSuchThing) {
                direct = null;
            }
            cannotPass = direct == null;
        }
        return direct;
    }

    /// `ExtendedOpenOption.DIRECT`, which is no part of the platform and so may not be there.
    private static OpenOption passing() {
        try {
            return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                    .getField("DIRECT")
                    .get(null);
        } catch (ReflectiveOperationException missing) {
            throw new UnsupportedOperationException(missing);
        }
    }

    private void writeUsually(ByteBuffer pages, long position) throws IOException {
        int bytes = pages.remaining();
        write(file, pages, position);
        writeBack.wrote(bytes);
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long position = from;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    private void refuseIfFailed() throws IOException {
        @Nullable Throwable failure;
        synchronized (lock) {
            failure = failed;
        }
        switch (failure) {
            case null -> {
                // All is well so far.
            }
            case IOException refused -> throw new IOException(refused);
            case Error fatal -> throw fatal;
            default -> throw new IllegalStateException("a block of pages was not written", failure);
        }
    }

    /// Returns when all blocks are written.
    ///
    /// @throws IOException           when one could not be
    /// @throws IllegalStateException when that is a defect of ours
    void finish() throws IOException {
        room.acquireUninterruptibly(AHEAD);
        room.release(AHEAD);
        refuseIfFailed();
    }

    /// Returns when nothing is written any more.
    @Override
    public void close() throws IOException {
        room.acquireUninterruptibly(AHEAD);
        room.release(AHEAD);
        synchronized (lock) {
            if (writer != null) {
                writer.shutdown();
            }
        }
        FileChannel passing = direct;
        try (file;
                writeBack;
                passing) {
            // Closed from the last to the first, each whatever becomes of the others.
        }
    }
}
