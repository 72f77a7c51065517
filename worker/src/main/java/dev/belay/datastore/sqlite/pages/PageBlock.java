package dev.belay.datastore.sqlite.pages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Finished pages of one part of a table that do not know their numbers yet, to be written side by side in the
/// file.
///
/// Until then pages point to each other by their index in the block. The last page may point one further: to what
/// will be the first page of the part's next block.
final class PageBlock {
    /// How many bytes of pages a block holds.
    static final int BYTES = 4 << 20;

    private static final int FIRST_BYTES = 1 << 16;
    private static final int MORE_BYTES = 1 << 20;
    private static final byte[] ZEROS = new byte[1 << 16];

    private ByteBuffer memory = aligned(FIRST_BYTES);
    private int pageBytes = FIRST_BYTES;
    private int most;
    private int pages;

    // Places in the memory that hold an index instead of a number.
    private final PointerList pointers = new PointerList();

    // Which pages are leaves, and the largest rowid of each.
    private int[] leaves = new int[16];
    private long[] keys = new long[16];
    private int leafCount;

    /// Takes in bytes that belong to one place of the file.
    @FunctionalInterface
    interface Target {
        void write(ByteBuffer pages, long position) throws IOException;
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + 2 * PageOutput.ALIGNMENT).alignedSlice(PageOutput.ALIGNMENT);
    }

    /// Empties the block for pages of some size.
    void begin(PageSize size, int bytes) {
        pageBytes = size.bytes();
        most = Math.max(1, bytes / pageBytes);
        clear();
    }

    void clear() {
        pages = 0;
        pointers.clear();
        leafCount = 0;
    }

    /// How many bytes it holds without growing.
    int capacity() {
        return memory.capacity();
    }

    boolean isFull() {
        return pages == most;
    }

    int pages() {
        return pages;
    }

    /// Takes the next page.
    ///
    /// @return its index
    int take() {
        int needed = (pages + 1) * pageBytes;
        if (needed > memory.capacity()) {
            // In few steps, since what was left is only given back by and by; beyond a usual block in short ones.
            int wanted = needed <= BYTES ? Math.min(8 * pages * pageBytes, BYTES) : needed + MORE_BYTES;
            ByteBuffer larger = aligned(Math.max(needed, wanted));
            larger.put(0, memory, 0, pages * pageBytes);
            memory = larger;
        }
        return pages++;
    }

    /// Fills a page with a finished leaf whose cells at `pointing` hold indexes.
    void putLeaf(int index, byte[] leaf, PointerList pointing, long key) {
        memory.put(index * pageBytes, leaf, 0, pageBytes);
        pointing.forEach(at -> pointers.add(index * pageBytes + at));
        if (leafCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, 2 * leafCount);
            keys = Arrays.copyOf(keys, 2 * leafCount);
        }
        leaves[leafCount] = index;
        keys[leafCount++] = key;
    }

    /// Whether the rows of the leaves may have other numbers without becoming longer or shorter.
    ///
    /// @param first the rowid of the first row
    /// @param by    what would be added to it, and to those after it
    boolean canShift(long first, long by) {
        if (by == 0 || leafCount == 0) {
            return true;
        }
        long last = keys[leafCount - 1];
        int length = Varint.length(first);
        return Varint.length(last) == length
                && Varint.length(first + by) == length
                && Varint.length(last + by) == length;
    }

    /// Gives the rows of the leaves other numbers.
    void shift(long first, long by) {
        int length = Varint.length(first + by);
        long rowid = first + by;
        for (int leaf = 0; leaf < leafCount; leaf++) {
            keys[leaf] += by;
            int page = leaves[leaf] * pageBytes;
            for (int cell = page + CellPage.LEAF_HEADER; rowid <= keys[leaf]; cell += CellPage.POINTER) {
                int at = page + (memory.getShort(cell) & 0xFFFF);
                while (memory.get(at) < 0) {
                    at++;
                }
                Varint.write(memory, at + 1, rowid++, length);
            }
        }
    }

    /// Fills an overflow page: four bytes for the next page, then content.
    ///
    /// @param isLast whether no page follows; else the next of the block does
    void putOverflow(int index, byte[] content, int from, int to, boolean isLast) {
        int start = index * pageBytes;
        memory.putInt(start, isLast ? 0 : index + 1);
        if (!isLast) {
            pointers.add(start);
        }
        memory.put(start + Integer.BYTES, content, from, to - from);
        int end = start + Integer.BYTES + to - from;
        memory.put(end, ZEROS, 0, start + pageBytes - end);
    }

    /// Tells the leaves to the pages above them.
    void addLeavesTo(InnerPages inner, PageNumbers numbers, long first) throws IOException {
        for (int leaf = 0; leaf < leafCount; leaf++) {
            inner.add(numbers.number(first, leaves[leaf]), keys[leaf]);
        }
    }

    /// Turns the indexes into numbers.
    ///
    /// @param first the number of the block's first page
    /// @param next  the number of the next block's
    void number(PageNumbers numbers, long first, long next) {
        pointers.forEach(at -> memory.putInt(at, (int) number(memory.getInt(at), numbers, first, next)));
    }

    /// The number of the page that an index means.
    long number(int index, PageNumbers numbers, long first, long next) {
        return index == pages ? next : numbers.number(first, index);
    }

    /// Writes the pages to where their numbers say. Several blocks may be written at once.
    void write(Target file, PageNumbers numbers, long first) throws IOException {
        int contiguous = 1;
        while (contiguous < pages && numbers.number(first, contiguous) == first + contiguous) {
            contiguous++;
        }
        write(file, 0, contiguous, first);
        if (contiguous < pages) {
            write(file, contiguous, pages, numbers.number(first, contiguous));
        }
    }

    private void write(Target file, int from, int to, long number) throws IOException {
        file.write(memory.duplicate().position(from * pageBytes).limit(to * pageBytes), (number - 1) * pageBytes);
    }
}
