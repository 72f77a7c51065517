package dev.belay.dedupe;

import dev.belay.job.ColumnType;
import dev.belay.job.RowSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;

/// The hashes of the rows of one part: of each row the first 128 bits of a SHA-256 over the salt and the values that
/// are compared.
///
/// A value is written as one byte that says what follows, and then: nothing; a whole number in 8 bytes; a double in 8,
/// with one zero only; a decimal as its digits without trailing zeros and its scale, in 8 and 4 bytes, or, where they
/// are too many, with the digits' length before them; a text with its length in 4 bytes before it. So two rows are
/// written alike only if they are the same.
final class RowHashes implements RowSink {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte NOTHING = 0;
    private static final byte WHOLE = 1;
    private static final byte REAL = 2;
    private static final byte DECIMAL = 3;
    private static final byte LONG_DECIMAL = 4;
    private static final byte TEXT = 5;

    private static final int HASH_LONGS = 2;
    private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;
    private static final int SHORT_TEXT = 1024;
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final boolean[] compared;
    private final boolean[] decimals;
    private final boolean wholeRows;
    private final byte[] salt;
    private final MessageDigest sha256;
    private final byte[] hash;
    private final byte[] written = new byte[4 * SHORT_TEXT];
    private final long[] hashes;
    private final BitSet keyless = new BitSet();
    private int filled;
    private int rows;

    /// @param salt differs from job to job, so that nobody can look for rows with the same hash beforehand
    /// @param rows how many there are going to be
    RowHashes(Sameness same, byte[] salt, int rows) {
        int columns = same.types().size();
        wholeRows = same.isOfWholeRows();
        compared = new boolean[columns];
        decimals = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            compared[column] = wholeRows || same.key().contains(column);
            decimals[column] = same.types().get(column) == ColumnType.DECIMAL;
        }
        this.salt = salt.clone();
        sha256 = sha256();
        hash = new byte[sha256.getDigestLength()];
        hashes = new long[Math.multiplyExact(HASH_LONGS, rows)];
        begin();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private void begin() {
        System.arraycopy(salt, 0, written, 0, salt.length);
        filled = salt.length;
    }

    @Override
    public void nothing(int column) {
        if (!compared[column]) {
            return;
        }
        if (!wholeRows) {
            keyless.set(rows);
        }
        room();
        written[filled++] = NOTHING;
    }

    @Override
    public void integer(int column, long value) {
        if (compared[column]) {
            number(WHOLE, value);
        }
    }

    @Override
    public void real(int column, double value) {
        if (compared[column]) {
            // Adding zero makes the negative one positive.
            number(REAL, Double.doubleToLongBits(value + 0.0));
        }
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        if (!compared[column]) {
            return;
        }
        long digits = unscaled;
        int digitsAfterPoint = digits == 0 ? 0 : scale;
        while (digitsAfterPoint > 0 && digits % 10 == 0) {
            digits /= 10;
            digitsAfterPoint--;
        }
        number(DECIMAL, digits);
        INTS.set(written, filled, digitsAfterPoint);
        filled += Integer.BYTES;
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        if (!compared[column]) {
            return;
        }
        if (decimals[column]) {
            longDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        } else {
            bytes(TEXT, bytes, from, to);
        }
    }

    /// A decimal that came as a text may still be the same as one that came as a number.
    private void longDecimal(String text) {
        BigDecimal number = new BigDecimal(text);
        BigInteger digits = number.unscaledValue();
        int digitsAfterPoint = digits.signum() == 0 ? 0 : number.scale();
        while (digitsAfterPoint > 0) {
            BigInteger[] parts = digits.divideAndRemainder(BigInteger.TEN);
            if (parts[1].signum() != 0) {
                break;
            }
            digits = parts[0];
            digitsAfterPoint--;
        }
        if (digits.abs().compareTo(MOST) <= 0) {
            number(DECIMAL, digits.longValueExact());
        } else {
            byte[] shown = digits.toString().getBytes(StandardCharsets.ISO_8859_1);
            bytes(LONG_DECIMAL, shown, 0, shown.length);
            room();
        }
        INTS.set(written, filled, digitsAfterPoint);
        filled += Integer.BYTES;
    }

    private void number(byte kind, long value) {
        room();
        written[filled] = kind;
        LONGS.set(written, filled + 1, value);
        filled += 1 + Long.BYTES;
    }

    private void bytes(byte kind, byte[] bytes, int from, int to) {
        room();
        int length = to - from;
        written[filled] = kind;
        INTS.set(written, filled + 1, length);
        filled += 1 + Integer.BYTES;
        if (length <= SHORT_TEXT) {
            System.arraycopy(bytes, from, written, filled, length);
            filled += length;
        } else {
            flush();
            sha256.update(bytes, from, length);
        }
    }

    /// Makes room for what is written before the bytes of a text, and for those of a short one.
    private void room() {
        if (filled + HEAD_BYTES + SHORT_TEXT > written.length) {
            flush();
        }
    }

    private void flush() {
        sha256.update(written, 0, filled);
        filled = 0;
    }

    @Override
    public void endRow() {
        flush();
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException impossible) {
            throw new IllegalStateException("the array is as long as the digest", impossible);
        }
        if (HASH_LONGS * rows == hashes.length) {
            // Whoever reads the rows is about to say that there are more of them than there were.
            begin();
            return;
        }
        hashes[HASH_LONGS * rows] = (long) LONGS.get(hash, 0);
        hashes[HASH_LONGS * rows + 1] = (long) LONGS.get(hash, Long.BYTES);
        rows++;
        begin();
    }

    int rows() {
        return rows;
    }

    /// Whether a row has no key, so that it is the same as no other.
    boolean isKeyless(int row) {
        return keyless.get(row);
    }

    long high(int row) {
        return hashes[HASH_LONGS * row];
    }

    long low(int row) {
        return hashes[HASH_LONGS * row + 1];
    }
}
