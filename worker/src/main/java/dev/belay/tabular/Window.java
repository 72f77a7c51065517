package dev.belay.tabular;

import java.io.IOException;
import java.util.Arrays;

/// A stretch of a file in memory, used again for one stretch after the other.
///
/// Behind the last byte stand line feeds, so that a scan by words ends there without asking where it is.
final class Window {
    private static final int GUARD = 16;
    private static final int READ = 1 << 18;

    private final TableBytes file;
    private byte[] bytes;
    private long base;
    private long end;
    private int limit;

    /// @param capacity how many bytes it holds before it has to grow
    Window(TableBytes file, int capacity) {
        this.file = file;
        this.bytes = new byte[capacity + GUARD];
    }

    /// Moves to a place in the file.
    ///
    /// @param end where the bytes end that may be read
    void open(long from, long end) {
        this.base = from;
        this.end = end;
        limit = 0;
        guard();
    }

    /// The bytes; those from [#limit] on are no part of the file.
    byte[] bytes() {
        return bytes;
    }

    /// How many bytes there are.
    int limit() {
        return limit;
    }

    /// Where in the file the first of them stands.
    long base() {
        return base;
    }

    /// Whether there is nothing more to read behind them.
    boolean isAtEnd() {
        return base + limit >= end;
    }

    /// Whether there is room for more.
    boolean hasRoom() {
        return limit < bytes.length - GUARD;
    }

    /// Reads at most `most` bytes more, as far as there is room.
    void read(long most) throws IOException {
        int goal = (int) Math.min(limit + Math.min(most, end - base - limit), bytes.length - GUARD);
        while (limit < goal) {
            int count = file.read(base + limit, bytes, limit, Math.min(goal - limit, READ));
            if (count <= 0) {
                // The file has become shorter: what is left of it is all there is.
                end = base + limit;
                break;
            }
            limit += count;
        }
        guard();
    }

    /// Makes room for so many bytes in all.
    void grow(int capacity) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, capacity + GUARD));
    }

    /// Gives back room.
    void shrink(int capacity) {
        if (bytes.length > capacity + GUARD) {
            bytes = new byte[capacity + GUARD];
            limit = 0;
        }
    }

    private void guard() {
        Arrays.fill(bytes, limit, limit + GUARD, (byte) '\n');
    }
}
