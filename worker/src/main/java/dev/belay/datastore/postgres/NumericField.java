package dev.belay.datastore.postgres;

/// A plain decimal as PostgreSQL's `numeric` is sent (`numeric_send` in its numeric.c): number of digits,
/// weight, sign, digits after the point, then the digits to the base of 10,000, each number in two bytes.
final class NumericField {
    private static final int BASE_DIGITS = 4;
    private static final int NEGATIVE = 0x4000;
    private static final int HEAD = 4;
    // Far below what PostgreSQL takes (131,072 before the point, 16,383 after it).
    private static final int MOST_DIGITS = 16_000;

    private short[] field = new short[HEAD + 16];
    private int length;

    /// Reads `-?` digits, and perhaps a point and digits, without leading zeros.
    ///
    /// @return whether it is that, so that it comes back as it is written
    boolean read(byte[] bytes, int from, int to) {
        boolean isNegative = from < to && bytes[from] == '-';
        int whole = isNegative ? from + 1 : from;
        int point = digitsEnd(bytes, whole, to);
        boolean isWhole = point == to;
        int end = isWhole ? to : digitsEnd(bytes, point + 1, to);
        boolean isPlain = point > whole
                && (bytes[whole] != '0' || point == whole + 1)
                && (isWhole || (bytes[point] == '.' && end == to && end > point + 1))
                && to - from <= MOST_DIGITS;
        if (isPlain) {
            encode(bytes, whole, point, to, isNegative);
        }
        return isPlain;
    }

    private static int digitsEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private void encode(byte[] bytes, int whole, int point, int to, boolean isNegative) {
        int before = (point - whole + BASE_DIGITS - 1) / BASE_DIGITS;
        int decimals = Math.max(0, to - point - 1);
        int after = (decimals + BASE_DIGITS - 1) / BASE_DIGITS;
        if (field.length < HEAD + before + after) {
            field = new short[HEAD + before + after];
        }
        // Places count from the first digit of the first group, which begins with zeros that are not written.
        int shift = before * BASE_DIGITS - (point - whole);
        for (int group = 0; group < before + after; group++) {
            int value = 0;
            for (int digit = 0; digit < BASE_DIGITS; digit++) {
                int place = group * BASE_DIGITS + digit - shift;
                int at = whole + place < point ? whole + place : whole + place + 1;
                value = value * 10 + (place < 0 || at >= to ? 0 : bytes[at] - '0');
            }
            field[HEAD + group] = (short) value;
        }
        trim(before, before + after);
        field[2] = (short) (isNegative && field[0] > 0 ? NEGATIVE : 0);
        field[3] = (short) decimals;
    }

    /// Leaves groups of zeros out on both sides.
    private void trim(int before, int groups) {
        int first = 0;
        while (first < groups && field[HEAD + first] == 0) {
            first++;
        }
        int last = groups;
        while (last > first && field[HEAD + last - 1] == 0) {
            last--;
        }
        System.arraycopy(field, HEAD + first, field, HEAD, last - first);
        field[0] = (short) (last - first);
        field[1] = (short) (first == last ? 0 : before - first - 1);
        length = HEAD + last - first;
    }

    /// How many of [#at] there are.
    int length() {
        return length;
    }

    /// One number of the field that was read last.
    short at(int place) {
        return field[place];
    }
}
