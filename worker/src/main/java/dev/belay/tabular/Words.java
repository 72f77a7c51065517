package dev.belay.tabular;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Eight bytes at a time in a long, the first byte lowest. Whoever loads must own eight bytes from there on.
final class Words {
    /// The highest bit of each byte.
    static final long HIGHS = 0x8080808080808080L;
    /// The lowest bit of each byte.
    static final long ONES = 0x0101010101010101L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEVENS = 0x7F7F7F7F7F7F7F7FL;
    private static final long ZEROS = 0x3030303030303030L;
    private static final long ABOVE_NINE = 0x7676767676767676L;

    private Words() {}

    static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /// The first `length` bytes, 1 to 8, the others zero.
    static long at(byte[] bytes, int at, int length) {
        return at(bytes, at) & (-1L >>> (64 - 8 * length));
    }

    /// The byte in all eight places.
    static long all(byte value) {
        return (value & 0xFFL) * ONES;
    }

    /// The high bit of each byte that is zero. Above a true one there may be false ones; the lowest is always true.
    static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    /// Digits to their values; other bytes to something above 9.
    static long digits(long word) {
        return word ^ ZEROS;
    }

    /// The high bit of exactly those bytes that are above 9.
    static long notDigits(long digits) {
        return (((digits & SEVENS) + ABOVE_NINE) | digits) & HIGHS;
    }

    /// Eight digits as a number, the first byte being the most significant.
    static long number(long digits) {
        long pairs = (digits * 10 + (digits >>> 8)) & 0x00FF00FF00FF00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
    }
}
