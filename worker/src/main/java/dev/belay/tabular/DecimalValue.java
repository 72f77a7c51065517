package dev.belay.tabular;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One plain decimal that is kept: as a `long` and a scale where it is one, else by its digits as they were written.
/// Compared exactly.
final class DecimalValue {
    private boolean any;
    private boolean small;
    private long unscaled;
    private int scale;
    private byte[] digits = new byte[0];

    void clear() {
        any = false;
    }

    boolean any() {
        return any;
    }

    boolean isSmall() {
        return small;
    }

    long unscaled() {
        return unscaled;
    }

    int scale() {
        return scale;
    }

    void set(long value, int valueScale) {
        any = true;
        small = true;
        unscaled = value;
        scale = valueScale;
    }

    void set(byte[] bytes, int from, int to) {
        any = true;
        small = false;
        digits = Arrays.copyOfRange(bytes, from, to);
    }

    void set(DecimalValue other) {
        any = other.any;
        small = other.small;
        unscaled = other.unscaled;
        scale = other.scale;
        digits = other.digits;
    }

    /// As it was written.
    String text() {
        return new String(written(), StandardCharsets.ISO_8859_1);
    }

    int compareTo(DecimalValue other) {
        if (small && other.small) {
            return compare(unscaled, scale, other.unscaled, other.scale);
        }
        byte[] its = other.written();
        return compareTo(its, 0, its.length);
    }

    int compareTo(byte[] bytes, int from, int to) {
        return compareWritten(written(), bytes, from, to);
    }

    private byte[] written() {
        return small ? written(unscaled, scale) : digits;
    }

    private static byte[] written(long value, int scale) {
        String size = Long.toString(value);
        if (scale > 0) {
            String sign = value < 0 ? "-" : "";
            String all = size.substring(sign.length());
            String padded = "0".repeat(Math.max(0, scale + 1 - all.length())) + all;
            int point = padded.length() - scale;
            size = sign + padded.substring(0, point) + "." + padded.substring(point);
        }
        return size.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Compares two numbers of at most 18 digits after the point.
    static int compare(long one, int scale, long other, int otherScale) {
        if (scale == otherScale) {
            return Long.compare(one, other);
        }
        return scale < otherScale
                ? compareScaled(one, NumberForm.power(otherScale - scale), other)
                : -compareScaled(other, NumberForm.power(scale - otherScale), one);
    }

    private static int compareScaled(long one, long power, long other) {
        long high = Math.multiplyHigh(one, power);
        long low = one * power;
        // What does not fit a long is further from zero than anything that does.
        return high == low >> 63 ? Long.compare(low, other) : Long.signum(one);
    }

    private static int compareWritten(byte[] one, byte[] bytes, int from, int to) {
        boolean negative = one[0] == '-';
        boolean otherNegative = bytes[from] == '-';
        if (negative != otherNegative) {
            return negative ? -1 : 1;
        }
        int skip = negative ? 1 : 0;
        int size = compareSizes(one, skip, bytes, from + skip, to);
        return negative ? -size : size;
    }

    /// Compares without signs: the longer whole part is larger, then the first digit that differs decides.
    private static int compareSizes(byte[] one, int start, byte[] bytes, int from, int to) {
        int whole = point(one, start, one.length) - start;
        int otherWhole = point(bytes, from, to) - from;
        if (whole != otherWhole) {
            return Integer.compare(whole, otherWhole);
        }
        int length = Math.max(one.length - start, to - from);
        for (int at = 0; at < length; at++) {
            byte digit = start + at < one.length ? one[start + at] : (byte) '0';
            byte otherDigit = from + at < to ? bytes[from + at] : (byte) '0';
            if (digit != otherDigit && digit != '.' && otherDigit != '.') {
                return Integer.compare(digit, otherDigit);
            }
        }
        return 0;
    }

    private static int point(byte[] bytes, int from, int to) {
        int point = from;
        while (point < to && bytes[point] != '.') {
            point++;
        }
        return point;
    }
}
