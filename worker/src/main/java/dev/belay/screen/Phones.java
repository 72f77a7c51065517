package dev.belay.screen;

/// Telephone numbers, only where their writing says so: digits alone could be anything.
final class Phones {
    private Phones() {}

    /// @param first where the value begins
    /// @param start where the number begins in it
    static boolean isShaped(byte[] all, int first, int start, Digits number) {
        int length = number.length();
        boolean plus = start > first && all[start - 1] == '+';
        if (plus) {
            return length >= 8 && length <= 15 && number.digit(0) != 0;
        }
        if (length < 9 || length > 11 || number.isWhole()) {
            return false;
        }
        if (length == 10 && number.isGrouped(334)) {
            return isAmerican(number);
        }
        return isWithTrunk(number);
    }

    /// NPA-NXX-XXXX: neither area nor exchange begins with 0 or 1 (North American Numbering Plan).
    private static boolean isAmerican(Digits number) {
        return (number.separator() == '-' || number.separator() == '.') && number.digit(0) >= 2 && number.digit(3) >= 2;
    }

    /// A trunk 0, then an area that does not begin with 0: 044 668 18 00, 01 23 45 67 89, 0171/1234567.
    private static boolean isWithTrunk(Digits number) {
        int area = number.group(0);
        // 3-2-4 is how the US write social security numbers.
        return !number.isGrouped(324)
                && number.digit(0) == 0
                && number.digit(1) != 0
                && area >= 2
                && area <= 5
                && number.group(number.groups() - 1) >= 2;
    }
}
