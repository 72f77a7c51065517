package dev.belay.datastore.sqlite.pages;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Memory in which pages are encoded, kept from one file to the next: it lies outside of the heap and is dear to
/// get.
public final class Blocks {
    private final BlockingQueue<PageBlock> idle;

    /// @param kept how many blocks of some 4 MiB are kept at most while nothing is written
    public Blocks(int kept) {
        idle = new ArrayBlockingQueue<>(kept);
    }

    PageBlock take() {
        PageBlock found = idle.poll();
        return found == null ? new PageBlock() : found;
    }

    /// Keeps it for the next file, unless it has grown beyond what most need.
    void giveBack(PageBlock block) {
        if (block.capacity() <= 2 * PageBlock.BYTES) {
            idle.offer(block);
        }
    }
}
