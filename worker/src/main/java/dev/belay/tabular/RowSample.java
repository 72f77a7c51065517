package dev.belay.tabular;

import java.util.Arrays;

/// Some of the rows, chosen by a hash of their place in the file: all of them while they are few, then each second,
/// fourth, eighth. Which ones depends on the file alone, so samples of chunks join to the sample of the whole.
final class RowSample {
    private static final int VALUES = 1 << 20;
    private static final int MOST = 1 << 13;
    private static final int LEAST = 1 << 8;

    private final int columns;
    private final int capacity;
    private int level;
    private int size;
    private long[] places = new long[0];
    private int[] offsets = new int[0];
    private long[] hashes = new long[0];
    private double[] numbers = new double[0];

    /// @param columns how many values a row has, so that a sample stays bounded
    RowSample(int columns) {
        this.columns = columns;
        capacity = Math.clamp(Integer.highestOneBit(VALUES / columns), LEAST, MOST);
    }

    /// Begins anew with the level that is known to be needed at least.
    void clear(int levelBefore) {
        size = 0;
        level = levelBefore;
    }

    /// How often the rows were halved.
    int level() {
        return level;
    }

    /// How many rows there are.
    int size() {
        return size;
    }

    /// Whether a row that begins at this place in the file is one of them.
    boolean wants(long place) {
        return isOn(place, level);
    }

    private static boolean isOn(long place, int level) {
        long hash = (place ^ (place >>> 32)) * 0x94D049BB133111EBL;
        hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L;
        return ((hash ^ (hash >>> 32)) & ((1L << level) - 1)) == 0;
    }

    /// Begins a row; each of its values follows with [#add].
    void begin(long place) {
        if (size == capacity) {
            thin();
        }
        if (size == places.length) {
            int room = Math.min(capacity, Math.max(16, size * 2));
            places = Arrays.copyOf(places, room);
            offsets = Arrays.copyOf(offsets, room * columns);
            hashes = Arrays.copyOf(hashes, room * columns);
            numbers = Arrays.copyOf(numbers, room * columns);
        }
        places[size] = place;
    }

    /// Ends a row, unless it has just turned out that it is none of them.
    void end() {
        if (wants(places[size])) {
            size++;
        }
    }

    /// A value of the row that was begun.
    ///
    /// @param hash   0 for none
    /// @param offset where it stands, counted from the beginning of the row
    /// @param number what orders it, if anything does
    void add(int column, long hash, int offset, double number) {
        int at = size * columns + column;
        hashes[at] = hash;
        offsets[at] = offset;
        numbers[at] = number;
    }

    private void thin() {
        while (size == capacity) {
            level++;
            keepOnly();
        }
    }

    private void keepOnly() {
        int kept = 0;
        for (int row = 0; row < size; row++) {
            if (isOn(places[row], level)) {
                move(this, row, kept++);
            }
        }
        size = kept;
    }

    private void move(RowSample from, int row, int to) {
        places[to] = from.places[row];
        System.arraycopy(from.offsets, row * columns, offsets, to * columns, columns);
        System.arraycopy(from.hashes, row * columns, hashes, to * columns, columns);
        System.arraycopy(from.numbers, row * columns, numbers, to * columns, columns);
    }

    /// Takes in another.
    void add(RowSample other) {
        if (other.level > level) {
            level = other.level;
            keepOnly();
        }
        for (int row = 0; row < other.size; row++) {
            if (wants(other.places[row])) {
                begin(other.places[row]);
                move(other, row, size);
                end();
            }
        }
    }

    long hash(int row, int column) {
        return hashes[row * columns + column];
    }

    /// Where in the file a value stands.
    long place(int row, int column) {
        return places[row] + offsets[row * columns + column];
    }

    /// The numbers of a column's values, in order.
    double[] sorted(int column) {
        double[] all = new double[size];
        int count = 0;
        for (int row = 0; row < size; row++) {
            if (hashes[row * columns + column] != 0) {
                all[count++] = numbers[row * columns + column];
            }
        }
        double[] sorted = Arrays.copyOf(all, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
