package dev.belay.tabular;

import java.io.IOException;

/// The bytes of one table, read at any place, by several threads at once. They must be the same each time they are
/// read.
public interface TableBytes extends AutoCloseable {
    /// How many there are.
    long size() throws IOException;

    /// Reads some bytes.
    ///
    /// @param position where in the file, from 0
    /// @return how many were read, at least one; -1 when there are none at `position`
    int read(long position, byte[] target, int from, int length) throws IOException;

    /// Gives back what it holds open; by default nothing is.
    @Override
    default void close() throws IOException {}

    /// A table that stands in memory.
    static TableBytes of(byte[] bytes) {
        return new TableBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(long position, byte[] target, int from, int length) {
                if (position >= bytes.length) {
                    return -1;
                }
                int count = (int) Math.min(length, bytes.length - position);
                System.arraycopy(bytes, (int) position, target, from, count);
                return count;
            }
        };
    }
}
