package dev.belay.tabular;

/// Reads one value as a number, without building a string.
///
/// Whole: `-?` and digits without leading zeros. Plain decimal: the same with `.` and digits. With exponent: either,
/// then `e`, an optional sign and digits. No `+` in front, no separators, no NaN, no hexadecimal.
final class NumberForm {
    /// Most digits of a [dev.belay.job.ColumnType#DECIMAL], leading zero not counted.
    static final int DECIMAL_DIGITS = 38;
    /// Most significant digits that a double may stand for.
    static final int DOUBLE_DIGITS = 17;

    // Longer ones are no number anyone wrote; the bound keeps hostile exponents cheap.
    private static final int LONGEST_DOUBLE = 64;

    private char[] chars = new char[0];
    private int from;
    private int to;
    private long whole;
    private int integerDigits;
    private int scale;
    private int significantDigits;
    private boolean zero;
    private double real;

    /// @return the forms of [ValueForm] the value has: `INTEGER`, `DECIMAL`, `DOUBLE` or none
    int read(char[] source, int start, int end) {
        chars = source;
        from = start;
        to = end;
        boolean negative = source[start] == '-';
        int first = negative ? start + 1 : start;
        int at = digits(first);
        int written = at - first;
        if (written == 0 || (written > 1 && source[first] == '0')) {
            return 0;
        }
        integerDigits = source[first] == '0' ? 0 : written;
        scale = 0;
        if (at < to && source[at] == '.') {
            int point = at;
            at = digits(point + 1);
            scale = at - point - 1;
            if (scale == 0) {
                return 0;
            }
        }
        countSignificant(first, at);
        if (at < to) {
            return (source[at] == 'e' || source[at] == 'E') && exponent(at + 1) ? ValueForm.DOUBLE : 0;
        }
        if (integerDigits + scale > DECIMAL_DIGITS) {
            return 0;
        }
        return scale == 0 && fitsLong(first, negative) ? ValueForm.INTEGER | ValueForm.DECIMAL : ValueForm.DECIMAL;
    }

    /// The last value, if it had the form `INTEGER`.
    long whole() {
        return whole;
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
        return computed ? real : Double.parseDouble(new String(chars, from, to - from));
    }

    private int digits(int start) {
        int at = start;
        while (at < to && chars[at] >= '0' && chars[at] <= '9') {
            at++;
        }
        return at;
    }

    private void countSignificant(int start, int end) {
        significantDigits = 0;
        for (int at = start; at < end; at++) {
            if (chars[at] != '.' && (significantDigits > 0 || chars[at] != '0')) {
                significantDigits++;
            }
        }
        zero = significantDigits == 0;
    }

    private boolean exponent(int start) {
        int first = start < to && (chars[start] == '-' || chars[start] == '+') ? start + 1 : start;
        if (first == to || digits(first) != to || to - from > LONGEST_DOUBLE || significantDigits > DOUBLE_DIGITS) {
            return false;
        }
        real = Double.parseDouble(new String(chars, from, to - from));
        // Below the normal range a double has fewer digits than were written; above it there is only infinity.
        return zero || (Math.abs(real) >= Double.MIN_NORMAL && Double.isFinite(real));
    }

    /// A negative zero does not fit: a long would lose its sign.
    private boolean fitsLong(int first, boolean negative) {
        if (integerDigits > 19 || (negative && zero)) {
            return false;
        }
        long value = 0; // counted downwards: the negative side has one more
        for (int at = first; at < to; at++) {
            int digit = chars[at] - '0';
            if (value < Long.MIN_VALUE / 10 || (value == Long.MIN_VALUE / 10 && digit > 8)) {
                return false;
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return false;
        }
        whole = negative ? value : -value;
        return true;
    }
}
