package dev.belay.datastore.sqlite.pages;

import dev.belay.fault.FaultPoint;
import dev.belay.job.JobFailure;
import dev.belay.job.RowSink;
import dev.belay.parts.Turns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A fresh SQLite file with one table, written in the documented format without SQLite: see
/// <https://www.sqlite.org/fileformat2.html>, whose headings the types of this room quote.
///
/// ```
/// page 1          header and schema: the table's name, SQL and root page            SchemaPage, FileHeader
/// pages 2 to n    for each part in order: its leaves, each after the overflow       PartPages, CellPage, RowRecord
///                 pages of its rows, and the inner pages filled by then             InnerPages
/// pages n to end  the last inner page of each level, the root last; what the
///                 schema's row needs beside page 1
/// ```
/// Parts are encoded side by side. Each has a turn, in order, in which the pages it has ready get their numbers and
/// are told to the inner pages; so the file is the same, byte for byte, however many threads there were. A part
/// that has more pages than a block keeps the turn until it has ended.
///
/// Nothing in the file is valid before [#finish] has written page 1, which comes last.
public final class TableFile implements AutoCloseable {
    private final PageSize size;
    private final TableShape shape;
    private final int blockBytes;
    private final Blocks blocks;
    private final PageOutput output;
    private final Turns turns = new Turns();
    private final Queue<PartPages> idle = new ConcurrentLinkedQueue<>();

    // Both belong to whoever has the turn.
    private final PageNumbers numbers;
    private final InnerPages inner;

    /// @param file   an empty file
    /// @param blocks memory to encode in
    /// @throws NotWritten when the file cannot be opened
    public TableFile(Path file, PageSize size, TableShape shape, Blocks blocks) throws NotWritten {
        this(file, size, shape, blocks, new Limits(PageBlock.BYTES, PageNumbers.LOCK_BYTE));
    }

    /// What tests want smaller than it is.
    record Limits(int blockBytes, long lockByte) {}

    TableFile(Path file, PageSize size, TableShape shape, Blocks blocks, Limits limits) throws NotWritten {
        this.size = size;
        this.shape = shape;
        this.blocks = blocks;
        blockBytes = limits.blockBytes();
        output = output(file);
        numbers = new PageNumbers(size, limits.lockByte());
        inner = new InnerPages(size, this::place);
    }

    private PageOutput output(Path file) throws NotWritten {
        try {
            return new PageOutput(file, size, blocks, blockBytes, shape.name());
        } catch (IOException failed) {
            throw new NotWritten(failed);
        }
    }

    /// Gives rows to a sink.
    @FunctionalInterface
    public interface Rows<R> {
        /// @param sink takes every column after the rowid once for each row, in any order
        /// @return what is to be known of them
        R readInto(RowSink sink) throws JobFailure, IOException;
    }

    /// Writes one part; all of them are written once each, side by side as [dev.belay.parts.Cores] does it.
    ///
    /// @param rowsBefore how many rows all parts before this one have
    /// @throws NotWritten  when the file cannot be written
    /// @throws JobFailure  `ROW_TOO_LARGE` for a row that no SQLite file can hold, and what the rows throw
    /// @throws IOException what the rows throw
    public <R> R write(int part, long rowsBefore, Rows<R> rows) throws JobFailure, IOException {
        boolean whole = false;
        try {
            PartPages found = idle.poll();
            PartPages pages = found == null ? new PartPages(this, blocks.take()) : found;
            pages.begin(part, rowsBefore);
            R result = rows.readInto(pages);
            pages.finish();
            idle.add(pages);
            whole = true;
            return result;
        } finally {
            if (!whole) {
                turns.fail(part);
            }
        }
    }

    /// Ends the waiting of all parts after this one: nobody will take them.
    public void giveUp(int part) {
        turns.fail(part);
    }

    /// A sink for the rows of one part after the other, each to be begun and then added; by one thread at a time. No
    /// file has parts that are added and parts that are written.
    public PartPages loose() {
        return new PartPages(this, blocks.take());
    }

    /// Writes the pages of a loose part behind those of all parts before it. One after the other.
    ///
    /// @param rowsBefore how many rows all parts before this one have
    /// @return whether it did; not when the part was begun with another number and its rows would be longer or
    /// shorter
    /// @throws NotWritten when the file cannot be written
    public boolean add(PartPages part, long rowsBefore) throws NotWritten {
        Optional<PageBlock> numbered = part.numbered(rowsBefore);
        if (numbered.isEmpty()) {
            return false;
        }
        try {
            PageBlock block = numbered.get();
            if (block.pages() > 0) {
                FaultPoint.STAGE_DRAFT.before();
                part.goOn(write(block, numbered(block)));
                FaultPoint.STAGE_DRAFT.after();
            }
            return true;
        } catch (IOException failed) {
            throw new NotWritten(failed);
        }
    }

    /// Takes back the memory of a loose part that is not needed any more.
    public void release(PartPages part) {
        blocks.giveBack(part.block());
    }

    /// Writes what stands above the leaves, and the schema, after all parts.
    ///
    /// @throws NotWritten when the file cannot be written
    public void finish() throws NotWritten {
        finish(shape);
    }

    /// The same for a table that has only now been named.
    ///
    /// @param named with the columns that it was begun with
    public void finish(TableShape named) throws NotWritten {
        try {
            long root = inner.root();
            if (root == 0) {
                root = place(new CellPage(size, CellPage.LEAF, 0).finished());
            }
            byte[] schema = new SchemaPage(size, numbers, this::place).page(named, root);
            output.finish();
            output.write(schema, 1);
        } catch (IOException failed) {
            throw new NotWritten(failed);
        }
    }

    /// Returns when nothing is written any more.
    @Override
    public void close() throws IOException {
        for (PartPages pages = idle.poll(); pages != null; pages = idle.poll()) {
            blocks.giveBack(pages.block());
        }
        output.close();
    }

    PageSize size() {
        return size;
    }

    TableShape shape() {
        return shape;
    }

    int blockBytes() {
        return blockBytes;
    }

    /// Writes the pages of a block that has its numbers.
    ///
    /// @return an empty block to go on with
    PageBlock write(PageBlock block, long first) throws IOException {
        return output.write(block, numbers, first);
    }

    /// Numbers the pages of a block, and of those cells of the part's open leaf that point to pages of the block,
    /// in the part's turn.
    ///
    /// @param isLast whether the turn ends
    /// @return the number of the block's first page
    long number(int part, PageBlock block, boolean isLast, byte[] leaf, PointerList leafPointers) throws IOException {
        turns.await(part);
        long first = 0;
        if (block.pages() > 0) {
            first = numbered(block);
            renumber(block, first, leaf, leafPointers);
        }
        if (isLast) {
            turns.pass(part);
        }
        return first;
    }

    private long numbered(PageBlock block) throws IOException {
        long first = numbers.take(block.pages());
        block.addLeavesTo(inner, numbers, first);
        // Only now: the leaves may have filled inner pages, which come between this block and the next.
        block.number(numbers, first, numbers.next());
        return first;
    }

    private void renumber(PageBlock block, long first, byte[] leaf, PointerList leafPointers) {
        ByteBuffer cells = ByteBuffer.wrap(leaf);
        leafPointers.forEach(
                at -> cells.putInt(at, (int) block.number(cells.getInt(at), numbers, first, numbers.next())));
        leafPointers.clear();
    }

    /// Writes a page after all that have numbers.
    private long place(byte[] page) throws IOException {
        long number = numbers.take(1);
        output.write(page, number);
        return number;
    }
}
