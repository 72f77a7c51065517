package dev.belay.tabular;

import java.nio.charset.StandardCharsets;

/// Reads one value as a number, without building a string.
///
/// Whole: `-?` and digits without leading zeros. Plain decimal: the same with `.` and digits. With exponent: either,
/// then `e`, an optional sign and digits. No `+` in front, no separators, no NaN, no hexadecimal.
///
/// Up to sixteen bytes are read as two words; what is longer or has an exponent goes byte by byte.
final class NumberForm {
    /// Most digits of a [dev.belay.job.ColumnType#DECIMAL], leading zero not counted.
    static final int DECIMAL_DIGITS = 38;
    /// Most digits after the point of a decimal that is read as a `long`.
    static final int MOST_SCALE = 18;
    /// The first whole number of 19 digits.
    static final long LARGE = 1_000_000_000_000_000_000L;
    /// Most significant digits that a double may stand for.
    static final int DOUBLE_DIGITS = 17;

    private static final int WHOLE = ValueForm.INTEGER | ValueForm.DECIMAL | MarkForm.PLAIN_WHOLE;
    private static final int LARGE_WHOLE = ValueForm.DECIMAL | MarkForm.PLAIN_WHOLE;

    // Longer ones are no number anyone wrote; the bound keeps hostile exponents cheap.
    private static final int LONGEST_DOUBLE = 64;
    private static final int EXACT_POWER = 22;
    private static final long EXACT_LONG = 1L << 53;
    private static final long[] POWERS = powers();
    private static final double[] REAL_POWERS = realPowers();

    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private long unscaled;
    private int integerDigits;
    private int scale;
    private int significantDigits;
    private boolean small;
    private double real;

    private static long[] powers() {
        long[] powers = new long[MOST_SCALE + 1];
        powers[0] = 1;
        for (int at = 1; at < powers.length; at++) {
            powers[at] = powers[at - 1] * 10;
        }
        return powers;
    }

    private static double[] realPowers() {
        double[] powers = new double[EXACT_POWER + 1];
        for (int at = 0; at < powers.length; at++) {
            powers[at] = Double.parseDouble("1e" + at);
        }
        return powers;
    }

    /// Ten to the power of 0 to 18.
    static long power(int exponent) {
        return POWERS[exponent];
    }

    /// @return the forms of [ValueForm] the value has: `INTEGER`, `DECIMAL`, `DOUBLE` or none; and those of [MarkForm]
    int read(byte[] source, int start, int end) {
        bytes = source;
        from = start;
        to = end;
        boolean negative = source[start] == '-';
        int first = negative ? start + 1 : start;
        int length = end - first;
        if (length > 16) {
            return readLong(first, negative);
        }
        if (length == 0) {
            return 0;
        }
        return length <= 8 ? readWord(first, length, negative) : readTwoWords(first, length, negative);
    }

    private int readWord(int first, int length, boolean negative) {
        long digits = Words.digits(Words.at(bytes, first));
        long others = Words.notDigits(digits) & (-1L >>> (64 - 8 * length));
        boolean leadingZero = bytes[first] == '0';
        if (others == 0) {
            if (leadingZero && length > 1) {
                return 0;
            }
            return plain(Words.number(digits << (64 - 8 * length)), leadingZero ? 0 : length, 0, negative);
        }
        int point = Long.numberOfTrailingZeros(others) >>> 3;
        if (bytes[first + point] != '.' || (others & (others - 1)) != 0) {
            return readLong(first, negative);
        }
        if (point == 0 || point == length - 1 || (leadingZero && point > 1)) {
            return 0;
        }
        long before = (1L << (8 * point)) - 1;
        long joined = (digits & before) | ((digits >>> 8) & ~before);
        return plain(
                Words.number(joined << (64 - 8 * (length - 1))), leadingZero ? 0 : point, length - 1 - point, negative);
    }

    private int readTwoWords(int first, int length, boolean negative) {
        long high = Words.digits(Words.at(bytes, first));
        long low = Words.digits(Words.at(bytes, first + 8));
        long highOthers = Words.notDigits(high);
        long lowOthers = Words.notDigits(low) & (-1L >>> (64 - 8 * (length - 8)));
        boolean leadingZero = bytes[first] == '0';
        if ((highOthers | lowOthers) == 0) {
            if (leadingZero) {
                return 0;
            }
            int more = length - 8;
            long value = Words.number(high) * POWERS[more] + Words.number(low << (64 - 8 * more));
            return plain(value, length, 0, negative);
        }
        int point = highOthers != 0
                ? Long.numberOfTrailingZeros(highOthers) >>> 3
                : 8 + (Long.numberOfTrailingZeros(lowOthers) >>> 3);
        boolean single = (highOthers & (highOthers - 1)) == 0
                && (lowOthers & (lowOthers - 1)) == 0
                && (highOthers == 0 || lowOthers == 0);
        if (!single || bytes[first + point] != '.') {
            return readLong(first, negative);
        }
        if (point == 0 || point == length - 1 || (leadingZero && point > 1)) {
            return 0;
        }
        if (point < 8) {
            long before = (1L << (8 * point)) - 1;
            high = (high & before) | (((high >>> 8) | (low << 56)) & ~before);
            low >>>= 8;
        } else {
            long before = (1L << (8 * (point - 8))) - 1;
            low = (low & before) | ((low >>> 8) & ~before);
        }
        int more = length - 9;
        long value = more == 0
                ? Words.number(high)
                : Words.number(high) * POWERS[more] + Words.number(low << (64 - 8 * more));
        return plain(value, leadingZero ? 0 : point, length - 1 - point, negative);
    }

    /// A plain number of at most 16 digits.
    private int plain(long value, int wholeDigits, int digitsAfterPoint, boolean negative) {
        unscaled = negative ? -value : value;
        integerDigits = wholeDigits;
        scale = digitsAfterPoint;
        significantDigits = -1;
        // A negative zero would lose its sign in a long.
        small = !(negative && value == 0);
        return digitsAfterPoint == 0 ? small ? WHOLE : LARGE_WHOLE : fraction();
    }

    private int fraction() {
        return ValueForm.DECIMAL | MarkForm.plainFraction(integerDigits, scale);
    }

    private int readLong(int first, boolean negative) {
        int at = digitsFrom(first);
        int written = at - first;
        if (written == 0 || (written > 1 && bytes[first] == '0')) {
            return 0;
        }
        integerDigits = bytes[first] == '0' ? 0 : written;
        scale = 0;
        if (at < to && bytes[at] == '.') {
            int point = at;
            at = digitsFrom(point + 1);
            scale = at - point - 1;
            if (scale == 0) {
                return 0;
            }
        }
        significantDigits = significant(first, at);
        if (at < to) {
            return (bytes[at] == 'e' || bytes[at] == 'E') && exponent(first, at, negative) ? ValueForm.DOUBLE : 0;
        }
        if (integerDigits + scale > DECIMAL_DIGITS) {
            return 0;
        }
        boolean fits = fitsLong(first, negative);
        small = fits && scale <= MOST_SCALE;
        return scale == 0 ? fits ? WHOLE : LARGE_WHOLE : fraction();
    }

    /// The last value, if it had the form `INTEGER`.
    long whole() {
        return unscaled;
    }

    /// The digits of the last plain number without its point, if it [#isSmall] or had the form `INTEGER`.
    long unscaled() {
        return unscaled;
    }

    /// Whether the last plain number is [#unscaled] times ten to the power of minus [#scale], which is at most 18.
    boolean isSmall() {
        return small;
    }

    /// Digits before the point of the last number; none for a lone zero.
    int integerDigits() {
        return integerDigits;
    }

    /// Digits after the point of the last number.
    int scale() {
        return scale;
    }

    /// Whether a double may stand for the last plain number: it has at most 17 significant digits.
    boolean fitsDouble() {
        return significantDigits <= DOUBLE_DIGITS;
    }

    /// The last number as a double; computed when asked for, except after the form `DOUBLE`.
    double real(boolean computed) {
        if (computed) {
            return real;
        }
        if (small && Math.abs(unscaled) < EXACT_LONG) {
            // Both are exact, so one division rounds once.
            return unscaled / REAL_POWERS[scale];
        }
        return parsed();
    }

    private int digitsFrom(int start) {
        int at = start;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private int significant(int start, int end) {
        int count = 0;
        for (int at = start; at < end; at++) {
            if (bytes[at] != '.' && (count > 0 || bytes[at] != '0')) {
                count++;
            }
        }
        return count;
    }

    private boolean exponent(int start, int mark, boolean negative) {
        int at = mark + 1;
        boolean down = at < to && bytes[at] == '-';
        int first = at < to && (down || bytes[at] == '+') ? at + 1 : at;
        if (first == to || digitsFrom(first) != to || to - from > LONGEST_DOUBLE || significantDigits > DOUBLE_DIGITS) {
            return false;
        }
        int power = 0;
        for (int digit = first; digit < to && power < 1000; digit++) {
            power = power * 10 + bytes[digit] - '0';
        }
        real = real(start, mark, negative, down ? -power : power);
        // Below the normal range a double has fewer digits than were written; above it there is only infinity.
        return significantDigits == 0 || (Math.abs(real) >= Double.MIN_NORMAL && Double.isFinite(real));
    }

    /// Exact digits times an exact power of ten round once; only others need the slow and general way.
    private double real(int start, int end, boolean negative, int power) {
        long digits = 0;
        for (int at = start; at < end; at++) {
            if (bytes[at] != '.') {
                digits = digits * 10 + bytes[at] - '0';
            }
        }
        int whole = power - scale;
        if (significantDigits > 15 || Math.abs(whole) > EXACT_POWER) {
            return parsed();
        }
        double size = whole < 0 ? digits / REAL_POWERS[-whole] : digits * REAL_POWERS[whole];
        return negative ? -size : size;
    }

    private double parsed() {
        return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /// Reads all digits into `unscaled`; a negative zero does not fit, since a long would lose its sign.
    private boolean fitsLong(int first, boolean negative) {
        if (significantDigits > 19 || (negative && significantDigits == 0)) {
            return false;
        }
        long value = 0; // counted downwards: the negative side has one more
        for (int at = first; at < to; at++) {
            if (bytes[at] == '.') {
                continue;
            }
            int digit = bytes[at] - '0';
            if (value < Long.MIN_VALUE / 10 || (value == Long.MIN_VALUE / 10 && digit > 8)) {
                return false;
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return false;
        }
        unscaled = negative ? value : -value;
        return true;
    }
}
