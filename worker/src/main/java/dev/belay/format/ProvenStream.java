package dev.belay.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/// Proves at the end of a stream that it had the bytes it was said to have.
final class ProvenStream extends FilterInputStream {
    private final CRC32 sum = new CRC32();
    private final long expectedSize;
    private final long expectedSum;
    private long size;

    ProvenStream(InputStream in, long expectedSize, long expectedSum) {
        super(in);
        this.expectedSize = expectedSize;
        this.expectedSum = expectedSum;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = in.read(target, from, length);
        if (count > 0) {
            sum.update(target, from, count);
            size += count;
        } else if (count < 0) {
            if (size != expectedSize) {
                throw new IOException("it has %d bytes and not %d as is said of it".formatted(size, expectedSize));
            }
            if (sum.getValue() != expectedSum) {
                throw new IOException("its check sum (CRC) is wrong");
            }
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
