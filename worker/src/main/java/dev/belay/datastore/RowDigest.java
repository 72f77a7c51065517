package dev.belay.datastore;

import dev.belay.job.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The digest of [Staged]: the same over the same rows in every store, and however the rows are cut into parts that
/// are digested side by side.
///
/// Every value becomes one 64-bit word; multiplication is modulo 2^64, `G` and `M` are odd constants:
///
/// - null: 0
/// - a whole number or truth: `(number + G) * M`
/// - a double: `(bits + REAL) * M`, of its IEEE 754 bits
/// - a text, also a decimal or date as it is written, of `n` bytes of UTF-8: `t = (n + 3 * G) * M`, and then `t =
///   rotateLeft(t ^ w, 29) * M` for each of its words `w`: eight bytes from every eighth place that is less than `n
///   - 8`, then the last eight bytes, the first in the lowest byte; of a text of less than eight bytes all of them,
///   filled with zeros, and of an empty one none
///
/// The words `v` of a row, in the order of the source, go through two lanes that begin at `A0` and `B0`: `a =
/// rotateLeft(a ^ v, 29) * A1`, `b = (rotateLeft(b, 31) + v) * B1`. Mixed by the finalizer of MurmurHash3 and taken
/// modulo the prime `p = 2^61 - 1` they are the row's two hashes. A sequence of rows has in each lane the digest
/// `D(rows, row) = D(rows) * K + hash(row) mod p`, beginning with 0; hence `D(first, second) = D(first) *
/// K^count(second) + D(second)`, which is how the digests of parts become that of the whole. What is kept is the
/// SHA-256 over both lanes and the number of rows, each 8 bytes big-endian.
///
/// It tells whether rows are the same, were lost, doubled or came in another order by accident. It is no proof
/// against someone who makes rows to deceive it; against that a file has its own SHA-256. Rows that a later row of
/// the same key replaced are part of it.
public final class RowDigest {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private static final long G = 0x9E3779B97F4A7C15L;
    // Twice and three times as much, modulo 2^64.
    private static final long REAL = 0x3C6EF372FE94F82AL;
    private static final long TEXT = 0xDAA66D2C7DDF743FL;
    private static final long M = 0xD6E8FEB86659FD93L;
    private static final long A0 = 0x243F6A8885A308D3L;
    private static final long A1 = 0xA0761D6478BD642FL;
    private static final long B0 = 0x13198A2E03707344L;
    private static final long B1 = 0xC2B2AE3D27D4EB4FL;

    private static final long PRIME = (1L << 61) - 1;
    private static final long FIRST_K = 0x0B7E151628AED2A7L;
    private static final long SECOND_K = 0x1715609D1F4C4A9BL;

    private long a = A0;
    private long b = B0;
    private long first;
    private long second;
    private long rows;

    /// No value.
    public void nothing() {
        word(0);
    }

    /// A whole number or a truth.
    public void integer(long value) {
        word((value + G) * M);
    }

    /// A double.
    public void real(double value) {
        word((Double.doubleToLongBits(value) + REAL) * M);
    }

    /// UTF-8 in `bytes[from, to)`.
    ///
    /// @return whether all of it is ASCII
    public boolean text(byte[] bytes, int from, int to) {
        int length = to - from;
        long text = (length + TEXT) * M;
        long seen = 0;
        if (length >= Long.BYTES) {
            int last = to - Long.BYTES;
            for (int at = from; at < last; at += Long.BYTES) {
                long word = (long) WORDS.get(bytes, at);
                seen |= word;
                text = Long.rotateLeft(text ^ word, 29) * M;
            }
            long word = (long) WORDS.get(bytes, last);
            seen |= word;
            text = Long.rotateLeft(text ^ word, 29) * M;
        } else if (length > 0) {
            seen = fewBytes(bytes, from, to);
            text = Long.rotateLeft(text ^ seen, 29) * M;
        }
        word(text);
        return (seen & HIGH_BITS) == 0;
    }

    private static long fewBytes(byte[] bytes, int from, int to) {
        if (from + Long.BYTES <= bytes.length) {
            return (long) WORDS.get(bytes, from) & ((1L << (Byte.SIZE * (to - from))) - 1);
        }
        long word = 0;
        for (int at = to - 1; at >= from; at--) {
            word = (word << Byte.SIZE) | (bytes[at] & 0xff);
        }
        return word;
    }

    /// The row is complete.
    public void endRow() {
        first = reduced(times(first, FIRST_K) + modulo(mixed(a)));
        second = reduced(times(second, SECOND_K) + modulo(mixed(b)));
        a = A0;
        b = B0;
        rows++;
    }

    /// Makes this the digest of its rows and then those of `later`.
    public void append(RowDigest later) {
        first = reduced(times(first, power(FIRST_K, later.rows)) + later.first);
        second = reduced(times(second, power(SECOND_K, later.rows)) + later.second);
        rows += later.rows;
    }

    /// How many rows it is over.
    public long rows() {
        return rows;
    }

    /// The digest as it is kept.
    public Sha256 finish() {
        return Sha256.of(ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(rows)
                .array());
    }

    private void word(long word) {
        a = Long.rotateLeft(a ^ word, 29) * A1;
        b = (Long.rotateLeft(b, 31) + word) * B1;
    }

    // fmix64 of MurmurHash3.
    private static long mixed(long hash) {
        long mixed = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }

    /// Any 64 bits modulo the prime: 2^61 is 1.
    private static long modulo(long bits) {
        return reduced((bits & PRIME) + (bits >>> 61));
    }

    /// @param sum less than twice the prime
    private static long reduced(long sum) {
        return sum >= PRIME ? sum - PRIME : sum;
    }

    /// The product modulo the prime of two numbers less than it.
    private static long times(long one, long other) {
        long low = one * other;
        long high = Math.multiplyHigh(one, other);
        return reduced((low & PRIME) + (high << 3 | low >>> 61));
    }

    private static long power(long base, long exponent) {
        long power = 1;
        long square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                power = times(power, square);
            }
            square = times(square, square);
        }
        return power;
    }
}
