package dev.belay.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip after RFC 1952: every member, each with its check sum and length proven, and nothing but members. The
/// JDK's own stream takes what follows the last member for nothing.
final class GzipStream extends InputStream {
    private static final int BUFFER = 1 << 16;

    private final PushbackInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] packed = new byte[BUFFER];
    private int filled;
    private int members;
    private boolean ended;

    GzipStream(InputStream in) throws IOException {
        this.in = new PushbackInputStream(in, BUFFER);
        header();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended) {
                int count = inflater.inflate(target, from, length);
                if (count > 0) {
                    sum.update(target, from, count);
                    return count;
                }
                if (inflater.finished()) {
                    endMember();
                } else if (inflater.needsDictionary()) {
                    throw new IOException("member %d needs a dictionary".formatted(members));
                } else {
                    fill();
                }
            }
            return -1;
        } catch (DataFormatException broken) {
            throw new IOException("member %d is no deflated data: %s".formatted(members, broken.getMessage()), broken);
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    private void fill() throws IOException {
        int count = in.read(packed, 0, packed.length);
        if (count < 0) {
            throw new EOFException("member %d breaks off".formatted(members));
        }
        filled = count;
        inflater.setInput(packed, 0, count);
    }

    private void endMember() throws IOException {
        int left = inflater.getRemaining();
        if (left > 0) {
            // What was read too far is the end of the last buffer that was filled.
            in.unread(packed, filled - left, left);
        }
        if (little(4) != sum.getValue()) {
            throw new IOException("the check sum (CRC) of member %d is wrong".formatted(members));
        }
        if (little(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw new IOException("the length of member %d is wrong".formatted(members));
        }
        int next = in.read();
        if (next < 0) {
            ended = true;
            return;
        }
        in.unread(next);
        inflater.reset();
        sum.reset();
        header();
    }

    private void header() throws IOException {
        members++;
        if (in.read() != 0x1f || in.read() != 0x8b) {
            throw new IOException("bytes that are no gzip stand behind member %d".formatted(members - 1));
        }
        if (in.read() != 8) {
            throw new IOException("member %d is packed by an unknown method".formatted(members));
        }
        int flags = require();
        for (int skipped = 0; skipped < 6; skipped++) {
            require();
        }
        if ((flags & 4) != 0) {
            int length = (int) little(2);
            for (int at = 0; at < length; at++) {
                require();
            }
        }
        for (int text = 8; text <= 16; text *= 2) {
            while ((flags & text) != 0 && require() != 0) {
                // Name and comment say nothing of the data.
            }
        }
        if ((flags & 2) != 0) {
            little(2);
        }
    }

    private long little(int bytes) throws IOException {
        long value = 0;
        for (int at = 0; at < bytes; at++) {
            value |= (long) require() << (8 * at);
        }
        return value;
    }

    private int require() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("member %d breaks off".formatted(members));
        }
        return next;
    }
}
