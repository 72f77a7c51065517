package dev.belay.tabular;

import java.io.IOException;
import java.io.InputStream;

/// The bytes of a table one after the other, from any place on.
final class TableStream extends InputStream {
    private final TableBytes bytes;
    private long position;

    TableStream(TableBytes bytes, long position) {
        this.bytes = bytes;
        this.position = position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = length == 0 ? 0 : bytes.read(position, target, from, length);
        position += Math.max(count, 0);
        return count;
    }
}
