package dev.belay.screen;

/// A candidate: up to [#MOST] digits or letters without what separates them, and how they were grouped. One
/// object for a whole column, filled anew for each candidate.
final class Digits {
    /// The longest of all ids: an IBAN.
    static final int MOST = 34;

    private static final int MOST_GROUPS = 12;

    final byte[] at = new byte[MOST];
    private final int[] groups = new int[MOST_GROUPS];
    private int length;
    private int groupCount;
    private byte separator;
    private boolean tooLong;
    /// Where it begins and ends in the value.
    private int from;
    private int to;

    void begin(int place) {
        from = place;
        to = place;
        length = 0;
        groupCount = 1;
        groups[0] = 0;
        separator = 0;
        tooLong = false;
    }

    void add(byte one) {
        if (length == MOST) {
            tooLong = true;
            return;
        }
        at[length++] = one;
        if (groupCount <= MOST_GROUPS) {
            groups[groupCount - 1]++;
        }
    }

    void separate(byte by) {
        separator = by;
        if (groupCount == MOST_GROUPS) {
            tooLong = true;
            return;
        }
        groups[groupCount++] = 0;
    }

    void end(int place) {
        to = place;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /// How many; 0 when there are too many for any id.
    int length() {
        return tooLong ? 0 : length;
    }

    /// 0 when there is none.
    byte separator() {
        return separator;
    }

    boolean isWhole() {
        return groupCount == 1;
    }

    int groups() {
        return groupCount;
    }

    int group(int number) {
        return groups[number];
    }

    /// Whether the groups have these lengths, given as decimal digits: 334 is 3-3-4.
    boolean isGrouped(int lengths) {
        int left = lengths;
        for (int group = groupCount - 1; group >= 0; group--) {
            if (left % 10 != groups[group]) {
                return false;
            }
            left /= 10;
        }
        return left == 0;
    }

    int digit(int place) {
        return at[place] - '0';
    }

    /// The number in some places.
    int number(int first, int count) {
        int number = 0;
        for (int place = first; place < first + count; place++) {
            number = number * 10 + digit(place);
        }
        return number;
    }

    boolean isOneDigitOnly() {
        for (int place = 1; place < length; place++) {
            if (at[place] != at[0]) {
                return false;
            }
        }
        return true;
    }
}
