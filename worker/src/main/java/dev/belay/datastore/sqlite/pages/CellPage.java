package dev.belay.datastore.sqlite.pages;

import java.util.Arrays;

/// A page of cells while it is filled ("B-tree Pages"): a header, two bytes for the place of each cell in the order
/// of their keys, free bytes, and at the end of the page the cells, the first one last.
///
/// ```
/// header  0  1  kind of page: 5 an inner page, 13 a leaf, of a table
///         1  2  first free block: none, 0
///         3  2  how many cells
///         5  2  where the first of their bytes is (0 for 65536)
///         7  1  free bytes in fragments: none, 0
///         8  4  right-most child, in inner pages only
/// ```
final class CellPage {
    static final int INNER = 5;
    static final int LEAF = 13;

    /// Bytes before a leaf's first pointer.
    static final int LEAF_HEADER = 8;
    /// Bytes of a pointer to a cell.
    static final int POINTER = 2;

    private static final int INNER_HEADER = 12;

    private final byte[] bytes;
    private final int kind;
    private final int header;
    private final int cells;
    private int count;
    private int top;

    /// @param header where the header begins: 100 on the first page of a file, else 0
    CellPage(PageSize size, int kind, int header) {
        bytes = new byte[size.bytes()];
        this.kind = kind;
        this.header = header;
        cells = header + (kind == INNER ? INNER_HEADER : LEAF_HEADER);
        clear();
    }

    void clear() {
        count = 0;
        top = bytes.length;
    }

    int count() {
        return count;
    }

    boolean hasRoomFor(int cell) {
        return top - cells - POINTER * count >= cell + POINTER;
    }

    /// Makes room for a cell after all others.
    ///
    /// @return where in [#bytes()] it goes
    int add(int cell) {
        top -= cell;
        putShort(cells + POINTER * count, top);
        count++;
        return top;
    }

    /// Takes the last cell away.
    void removeLast(int cell) {
        count--;
        top += cell;
    }

    /// The page, once header and free bytes are as they must be.
    byte[] finished() {
        Arrays.fill(bytes, cells + POINTER * count, top, (byte) 0);
        bytes[header] = (byte) kind;
        putShort(header + 1, 0);
        putShort(header + 3, count);
        putShort(header + 5, top);
        bytes[header + 7] = 0;
        return bytes;
    }

    /// The inner page, with its right-most child.
    byte[] finished(long rightmost) {
        putPageNumber(bytes, header + LEAF_HEADER, rightmost);
        return finished();
    }

    /// The page itself; before it is finished only its cells count.
    byte[] bytes() {
        return bytes;
    }

    private void putShort(int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    static void putPageNumber(byte[] page, int at, long number) {
        page[at] = (byte) (number >> 24);
        page[at + 1] = (byte) (number >> 16);
        page[at + 2] = (byte) (number >> 8);
        page[at + 3] = (byte) number;
    }
}
