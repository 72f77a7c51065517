package dev.belay.datastore.sqlite.pages;

import java.nio.ByteBuffer;

/// The variable-length integer of the file format ("Record Format" and "B-tree Pages"): big-endian, seven bits to a
/// byte, the high bit set on all but the last; a ninth byte, if there is one, has all of its eight bits.
final class Varint {
    static final int LONGEST = 9;

    private Varint() {}

    /// How many bytes the value takes, read as unsigned.
    static int length(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        return bits > 56 ? LONGEST : (bits + 6) / 7;
    }

    /// Writes a value of fewer than nine bytes over one of as many.
    ///
    /// @param length how many bytes it takes
    static void write(ByteBuffer to, int at, long value, int length) {
        long left = value;
        int mark = 0;
        for (int place = at + length - 1; place >= at; place--) {
            to.put(place, (byte) ((left & 0x7f) | mark));
            left >>>= 7;
            mark = 0x80;
        }
    }

    /// @return where the next byte goes
    static int write(byte[] to, int at, long value) {
        if (value >>> 7 == 0) {
            to[at] = (byte) value;
            return at + 1;
        }
        int length = length(value);
        long left = value;
        int last = at + length - 1;
        if (length == LONGEST) {
            to[last] = (byte) left;
            left >>>= 8;
        } else {
            to[last] = (byte) (left & 0x7f);
            left >>>= 7;
        }
        for (int place = last - 1; place >= at; place--) {
            to[place] = (byte) (left | 0x80);
            left >>>= 7;
        }
        return at + length;
    }
}
