package dev.belay.datastore.sqlite.pages;

import dev.belay.fault.FaultPoint;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.RowSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The pages of one part of a table: each row becomes a cell of the leaf that is being filled, what does not fit
/// there goes to overflow pages, full leaves go to a block, and full blocks to the file.
///
/// A cell of a leaf is the length of the row's record and its rowid, as [Varint]s, then the record, or its first
/// bytes and the number of its first overflow page ("B-tree Pages", [PageSize#inLeaf]). Overflow pages are a chain:
/// each begins with the number of the next, 0 in the last ("Cell Payload Overflow Pages").
///
/// Used by one thread, from [#begin] to [#finish]. A loose one does not know yet how many rows stand before its own:
/// its
/// pages stay in its block until [TableFile#add] is told.
public final class PartPages implements RowSink {
    private static final int LOOSE = -1;
    // Several times what a chunk of a file has, so few tables have parts with more.
    private static final int LOOSE_BYTES = 4 * PageBlock.BYTES;

    // Decimals of so many digits and places are the quotient of two numbers that doubles hold exactly, so one division
    // gives the nearest double, as IEEE 754 demands, and its shortest form gives back every digit.
    private static final long EXACT = 999_999_999_999_999L;
    private static final double[] POWERS_OF_TEN = new double[23];

    static {
        for (int power = 0; power < POWERS_OF_TEN.length; power++) {
            POWERS_OF_TEN[power] = Double.parseDouble("1e" + power);
        }
    }

    private final TableFile file;
    private final PageSize size;
    private final TableShape shape;
    private final boolean[] asReal;
    private final RowRecord record;
    private final CellPage leaf;
    private final PointerList leafPointers = new PointerList();
    private PageBlock block;
    private byte[] spilling = new byte[0];
    private int part;
    private long first;
    private long rowid;

    PartPages(TableFile file, PageBlock block) {
        this.file = file;
        this.block = block;
        size = file.size();
        shape = file.shape();
        asReal = new boolean[shape.columns()];
        shape.asReals().stream().forEach(column -> asReal[column] = true);
        record = new RowRecord(1, shape.columns());
        leaf = new CellPage(size, CellPage.LEAF, 0);
    }

    /// Begins with a part.
    ///
    /// @param rowsBefore the rowid before that of its first row
    void begin(int newPart, long rowsBefore) {
        begin(newPart, rowsBefore, file.blockBytes());
    }

    /// Begins, loosely, with a part.
    ///
    /// @param rowsBefore the rowid before that of its first row, as far as that can be guessed
    public void beginLoosely(long rowsBefore) {
        begin(LOOSE, rowsBefore, LOOSE_BYTES);
    }

    private void begin(int newPart, long rowsBefore, int blockBytes) {
        part = newPart;
        first = rowsBefore + 1;
        rowid = rowsBefore;
        record.begin();
        leaf.clear();
        leafPointers.clear();
        block.begin(size, blockBytes);
    }

    /// Gives its rows the numbers they have in the file.
    ///
    /// @return the block of all its pages; empty when other numbers would be longer or shorter
    Optional<PageBlock> numbered(long rowsBefore) throws NotWritten {
        if (leaf.count() > 0) {
            finishLeaf(rowid);
        }
        long by = rowsBefore + 1 - first;
        if (!block.canShift(first, by)) {
            return Optional.empty();
        }
        if (by != 0) {
            block.shift(first, by);
        }
        return Optional.of(block);
    }

    /// Goes on with another block.
    void goOn(PageBlock other) {
        block = other;
    }

    PageBlock block() {
        return block;
    }

    @Override
    public void nothing(int column) {
        record.nothing(column);
    }

    @Override
    public void integer(int column, long value) {
        record.integer(column, value);
    }

    @Override
    public void real(int column, double value) {
        record.real(column, value);
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        if (!asReal[column]) {
            record.text(column, bytes, from, to);
        } else if (unscaled >= -EXACT && unscaled <= EXACT && scale >= 0 && scale < POWERS_OF_TEN.length) {
            record.real(column, unscaled / POWERS_OF_TEN[scale]);
        } else {
            realOf(column, bytes, from, to);
        }
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        if (asReal[column]) {
            realOf(column, bytes, from, to);
        } else {
            record.text(column, bytes, from, to);
        }
    }

    private void realOf(int column, byte[] bytes, int from, int to) {
        String decimal = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        record.real(column, shape.decimals().real(column, decimal));
    }

    /// @throws NotWritten when the file cannot be written
    @Override
    public void endRow() throws JobFailure, NotWritten {
        rowid++;
        record.end();
        if (record.isTooLong()) {
            throw JobFailure.permanent(
                    FailureCode.ROW_TOO_LARGE,
                    "row %d is larger than the %d bytes that a row of a SQLite file can have"
                            .formatted(rowid, RowRecord.LONGEST));
        }
        int length = record.length();
        int inLeaf = size.inLeaf(length);
        int head = Varint.length(length) + Varint.length(rowid);
        int cell = head + inLeaf + (inLeaf == length ? 0 : Integer.BYTES);
        if (!leaf.hasRoomFor(cell)) {
            finishLeaf(rowid - 1);
        }
        if (inLeaf == length) {
            record.write(leaf.bytes(), cellHead(cell, length));
        } else {
            spill(cell, length, inLeaf);
        }
        record.begin();
    }

    private int cellHead(int cell, int length) {
        int at = Varint.write(leaf.bytes(), leaf.add(cell), length);
        return Varint.write(leaf.bytes(), at, rowid);
    }

    private void spill(int cell, int length, int inLeaf) throws NotWritten {
        if (spilling.length < length) {
            spilling = new byte[length];
        }
        record.write(spilling, 0);
        // Taken before the leaf points to it: taking a page may write the block, and give its pages their numbers.
        int overflow = nextPage();
        int at = cellHead(cell, length);
        System.arraycopy(spilling, 0, leaf.bytes(), at, inLeaf);
        CellPage.putPageNumber(leaf.bytes(), at + inLeaf, overflow);
        leafPointers.add(at + inLeaf);

        int from = inLeaf;
        int room = size.bytes() - Integer.BYTES;
        while (length - from > room) {
            block.putOverflow(overflow, spilling, from, from + room, false);
            from += room;
            overflow = nextPage();
        }
        block.putOverflow(overflow, spilling, from, length, true);
    }

    /// Writes what is left of the part. Killed before that, the file has no whole table.
    void finish() throws NotWritten {
        if (leaf.count() > 0) {
            finishLeaf(rowid);
        }
        flush(true);
    }

    private void finishLeaf(long key) throws NotWritten {
        int index = nextPage();
        block.putLeaf(index, leaf.finished(), leafPointers, key);
        leafPointers.clear();
        leaf.clear();
    }

    private int nextPage() throws NotWritten {
        if (block.isFull()) {
            flush(false);
        }
        return block.take();
    }

    /// Gives the pages of the block their numbers, when it is the part's turn, and writes them.
    private void flush(boolean isLast) throws NotWritten {
        if (part == LOOSE) {
            throw new NotWritten(
                    new IOException("a part has more than the %d bytes of pages that can wait for their numbers"
                            .formatted(LOOSE_BYTES)));
        }
        try {
            long first = file.number(part, block, isLast, leaf.bytes(), leafPointers);
            if (block.pages() > 0) {
                FaultPoint.STAGE_CHUNK.before();
                block = file.write(block, first);
                FaultPoint.STAGE_CHUNK.after();
            }
        } catch (IOException failed) {
            throw new NotWritten(failed);
        }
        block.clear();
    }
}
