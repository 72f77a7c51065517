package dev.belay.tabular;

import java.util.Arrays;

/// Some rows that follow each other, as places in a window: no value is copied.
final class Batch {
    // Measured at 300 columns: four times fewer cost a fifth more, since each column's tally comes into the cache anew
    // for each batch; four times more gain little.
    private static final int FIELDS = 1 << 15;
    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 1 << 10;

    /// The scale of a number whose digits do not fit.
    static final byte LONG = -1;
    /// The scale of what is no plain number.
    static final byte NO_NUMBER = -2;

    /// For each row and column two numbers: where its value begins and where it ends.
    final int[] spans;
    /// Where each row begins.
    final int[] starts;
    /// How many line ends of the chunk stand before each row.
    final int[] lines;
    /// The number of each row among the records of the chunk, from 1.
    final int[] records;

    /// For each column whose numbers are kept, and each row, its digits without the point. Empty, like the next one,
    /// unless somebody wants numbers to be kept.
    long[] digits = {};
    /// Likewise how many of them stand behind the point; [#LONG] for a number that is none of these, [#NO_NUMBER] for
    /// what is none at all.
    byte[] scales = {};

    private final boolean[] kept;
    private final int columns;
    private final int capacity;
    private byte[] bytes = new byte[0];
    private long base;
    private int rows;
    private boolean ascii;

    Batch(int columns) {
        this.columns = columns;
        capacity = Math.clamp(FIELDS / columns, LEAST_ROWS, MOST_ROWS);
        spans = new int[2 * columns * capacity];
        starts = new int[capacity];
        lines = new int[capacity];
        records = new int[capacity];
        kept = new boolean[columns];
    }

    void clear() {
        Arrays.fill(kept, false);
        rows = 0;
        ascii = true;
    }

    /// The bytes the spans are places in.
    void over(Window window) {
        bytes = window.bytes();
        base = window.base();
    }

    byte[] bytes() {
        return bytes;
    }

    /// Where in the file the first of the bytes stands.
    long base() {
        return base;
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    boolean isFull() {
        return rows == capacity;
    }

    /// From now on keeps the numbers of the columns that have no others: whoever writes them need not read them again.
    void keepNumbers() {
        digits = new long[columns * capacity];
        scales = new byte[columns * capacity];
    }

    boolean keepsNumbers() {
        return digits.length > 0;
    }

    /// Where the numbers of a column are, in the order of the rows.
    int numbersOf(int column) {
        return column * capacity;
    }

    /// Says that all numbers of a column are kept.
    void keep(int column) {
        kept[column] = true;
    }

    /// Whether all numbers of a column are kept.
    boolean isKept(int column) {
        return kept[column];
    }

    /// Where the spans of a row are.
    int at(int row) {
        return 2 * columns * row;
    }

    /// Where the spans of the next row go.
    int next() {
        return 2 * columns * rows;
    }

    /// Whether all rows are surely ASCII alone.
    boolean isAscii() {
        return ascii;
    }

    /// Adds the current record of a cutter, whose spans are at [#next()].
    void add(Cutter cutter, int record) {
        starts[rows] = cutter.start();
        lines[rows] = cutter.line();
        records[rows] = record;
        ascii &= cutter.isAscii();
        rows++;
    }
}
