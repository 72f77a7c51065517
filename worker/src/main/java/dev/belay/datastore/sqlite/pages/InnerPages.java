package dev.belay.datastore.sqlite.pages;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One level of the inner pages above a table's leaves, and through it those above, built from below while children
/// come in the order of their rows. One page for each level is in memory.
///
/// A cell of an inner page is the number of a child's page (4 bytes) and the largest rowid below that child, as a
/// [Varint]; the last child has no cell but stands in the page's header. Every inner page has at least one cell, so
/// at least two children: a full page is therefore not finished before there are two children for the next one, and
/// if there is only one in the end, it gives one away.
final class InnerPages {
    private static final long NONE = 0;
    private static final int CHILD = 4;

    private final PageSize size;
    private final Placing placing;
    private final CellPage page;
    private @Nullable InnerPages above;
    private long right = NONE;
    private long rightKey;
    private long lastCell = NONE;
    private long lastCellKey;
    private long waiting = NONE;
    private long waitingKey;

    /// Gives a finished page its place in the file.
    @FunctionalInterface
    interface Placing {
        /// @return its number
        long place(byte[] page) throws IOException;
    }

    InnerPages(PageSize size, Placing placing) {
        this.size = size;
        this.placing = placing;
        page = new CellPage(size, CellPage.INNER, 0);
    }

    /// Adds the next child.
    ///
    /// @param key its largest rowid
    void add(long child, long key) throws IOException {
        if (waiting != NONE) {
            turnPage();
        }
        if (right == NONE) {
            setRight(child, key);
        } else if (page.hasRoomFor(cellLength(rightKey))) {
            putRightIntoCell();
            setRight(child, key);
        } else {
            waiting = child;
            waitingKey = key;
        }
    }

    /// Finishes this level and those above.
    ///
    /// @return the number of the root page: the only child itself when there was no other
    long root() throws IOException {
        if (waiting != NONE) {
            long given = right;
            long givenKey = rightKey;
            page.removeLast(cellLength(lastCellKey));
            setRight(lastCell, lastCellKey);
            place();
            setRight(given, givenKey);
            putRightIntoCell();
            setRight(waiting, waitingKey);
        }
        if (page.count() == 0) {
            return right;
        }
        if (above == null) {
            return placing.place(page.finished(right));
        }
        place();
        return above.root();
    }

    private void turnPage() throws IOException {
        place();
        setRight(waiting, waitingKey);
        waiting = NONE;
    }

    private void place() throws IOException {
        if (above == null) {
            above = new InnerPages(size, placing);
        }
        above.add(placing.place(page.finished(right)), rightKey);
        page.clear();
    }

    private void setRight(long child, long key) {
        right = child;
        rightKey = key;
    }

    private void putRightIntoCell() {
        int at = page.add(cellLength(rightKey));
        CellPage.putPageNumber(page.bytes(), at, right);
        Varint.write(page.bytes(), at + CHILD, rightKey);
        lastCell = right;
        lastCellKey = rightKey;
    }

    private static int cellLength(long key) {
        return CHILD + Varint.length(key);
    }
}
