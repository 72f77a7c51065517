package dev.belay.datastore.sqlite.pages;

/// The serial types of the file format ("Record Format"): what a value is and how many bytes of the record's body
/// it takes.
///
/// | type | value | bytes |
/// |---|---|---|
/// | 0 | null | 0 |
/// | 1 to 6 | a whole number, big-endian, in two's complement | 1, 2, 3, 4, 6, 8 |
/// | 7 | an IEEE 754 double, big-endian | 8 |
/// | 8, 9 | the numbers 0 and 1 (schema format 4) | 0 |
/// | 13 + 2n | a text of n bytes | n |
final class SerialType {
    static final int NULL = 0;
    static final int REAL = 7;

    private static final int ZERO = 8;
    private static final int TEXT = 13;

    private static final byte[] BYTES = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

    // By the number of bits that a number needs beside its sign.
    private static final byte[] OF_BITS = new byte[Long.SIZE];

    static {
        int[] most = {7, 15, 23, 31, 47, 63};
        int type = 1;
        for (int bits = 0; bits < Long.SIZE; bits++) {
            if (bits > most[type - 1]) {
                type++;
            }
            OF_BITS[bits] = (byte) type;
        }
    }

    private SerialType() {}

    /// The type of the fewest bytes.
    static int ofInteger(long value) {
        if (value >>> 1 == 0) {
            return ZERO + (int) value;
        }
        return OF_BITS[Long.SIZE - Long.numberOfLeadingZeros(value ^ value >> 63)];
    }

    static int ofText(int bytes) {
        return TEXT + 2 * bytes;
    }

    /// The bytes of a type that is not text.
    static int bytes(int type) {
        return BYTES[type];
    }

    /// The bytes of any type.
    static int bytesOf(int type) {
        return type < TEXT ? BYTES[type] : (type - TEXT) / 2;
    }
}
