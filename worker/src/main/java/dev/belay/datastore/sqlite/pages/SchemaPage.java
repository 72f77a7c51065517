package dev.belay.datastore.sqlite.pages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first page of a file: its header and the root of the table `sqlite_schema`, with one row for the one table
/// ("The Database File", "Storage Of The SQL Database Schema"): type, name, name of the table, root page, SQL.
///
/// A row that has no room there because of the header goes to a leaf of its own, and the first page becomes an
/// inner page with no cell and one child, which only the first page may be.
final class SchemaPage {
    private static final int COLUMNS = 5;
    private static final int ROWID = 1;

    private final PageSize size;
    private final PageNumbers numbers;
    private final InnerPages.Placing placing;

    /// @param placing writes pages after those that are there
    SchemaPage(PageSize size, PageNumbers numbers, InnerPages.Placing placing) {
        this.size = size;
        this.numbers = numbers;
        this.placing = placing;
    }

    /// The first page, when all others are written but those it needs itself.
    ///
    /// @param root the root page of the table
    byte[] page(TableShape shape, long root) throws IOException {
        byte[] record = record(shape, root);
        byte[] cell = cell(record);
        var leaf = new CellPage(size, CellPage.LEAF, FileHeader.BYTES);
        byte[] page;
        if (leaf.hasRoomFor(cell.length)) {
            page = filled(leaf, cell).finished();
        } else {
            long child = placing.place(
                    filled(new CellPage(size, CellPage.LEAF, 0), cell).finished());
            page = new CellPage(size, CellPage.INNER, FileHeader.BYTES).finished(child);
        }
        FileHeader.write(page, size, numbers.pages());
        return page;
    }

    private static byte[] record(TableShape shape, long root) {
        var row = new RowRecord(0, COLUMNS);
        String[] texts = {"table", shape.name(), shape.name(), null, shape.sql()};
        for (int column = 0; column < COLUMNS; column++) {
            if (texts[column] == null) {
                row.integer(column, root);
            } else {
                byte[] text = texts[column].getBytes(StandardCharsets.UTF_8);
                row.text(column, text, 0, text.length);
            }
        }
        row.end();
        byte[] record = new byte[row.length()];
        row.write(record, 0);
        return record;
    }

    private byte[] cell(byte[] record) throws IOException {
        int inLeaf = size.inLeaf(record.length);
        byte[] cell = new byte[Varint.LONGEST + 1 + inLeaf + Integer.BYTES];
        int end = Varint.write(cell, 0, record.length);
        end = Varint.write(cell, end, ROWID);
        System.arraycopy(record, 0, cell, end, inLeaf);
        end += inLeaf;
        if (inLeaf < record.length) {
            CellPage.putPageNumber(cell, end, overflow(record, inLeaf));
            end += Integer.BYTES;
        }
        return Arrays.copyOf(cell, end);
    }

    /// Writes the chain from its end, so that each page can name the next.
    private long overflow(byte[] record, int from) throws IOException {
        int room = size.bytes() - Integer.BYTES;
        long next = 0;
        for (int start = from + (record.length - from - 1) / room * room; start >= from; start -= room) {
            byte[] page = new byte[size.bytes()];
            CellPage.putPageNumber(page, 0, next);
            System.arraycopy(record, start, page, Integer.BYTES, Math.min(room, record.length - start));
            next = placing.place(page);
        }
        return next;
    }

    private static CellPage filled(CellPage page, byte[] cell) {
        int at = page.add(cell.length);
        System.arraycopy(cell, 0, page.bytes(), at, cell.length);
        return page;
    }
}
