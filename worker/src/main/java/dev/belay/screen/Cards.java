package dev.belay.screen;

/// Payment card numbers.
final class Cards {
    private Cards() {}

    /// Digits alone, or in fours, or 4-6-5 and 4-6-4, divided by blanks or hyphens; an issuer's prefix for that
    /// length.
    static boolean isShaped(Digits number) {
        int length = number.length();
        if (length < 13 || length > 19 || !isGrouped(number)) {
            return false;
        }
        return isIssued(number.number(0, 4), length) && !number.isOneDigitOnly();
    }

    /// Luhn.
    static boolean isChecked(Digits number) {
        return luhn(number, number.length()) == 0;
    }

    static int luhn(Digits number, int length) {
        int sum = 0;
        for (int place = length - 1, doubled = 0; place >= 0; place--, doubled ^= 1) {
            int digit = number.digit(place);
            int weighed = digit << doubled;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10;
    }

    private static boolean isGrouped(Digits number) {
        if (number.isWhole()) {
            return true;
        }
        if (number.separator() != ' ' && number.separator() != '-') {
            return false;
        }
        if (number.isGrouped(465) || number.isGrouped(464)) {
            return true;
        }
        int last = number.groups() - 1;
        for (int group = 0; group < last; group++) {
            if (number.group(group) != 4) {
                return false;
            }
        }
        return number.group(last) <= 4;
    }

    private static boolean isIssued(int four, int length) {
        int two = four / 100;
        int three = four / 10;
        if (four >= 4000 && four <= 4999) {
            return length == 13 || length == 16 || length == 19;
        }
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
            return length == 16;
        }
        if (two == 34 || two == 37) {
            return length == 15;
        }
        if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) {
            return length >= 14;
        }
        boolean discover = four == 6011 || two == 65 || (three >= 644 && three <= 649);
        boolean maestro = four == 5018
                || four == 5020
                || four == 5038
                || four == 5893
                || four == 6304
                || four == 6759
                || (four >= 6761 && four <= 6763);
        return length >= 16 && (discover || two == 62 || (four >= 3528 && four <= 3589) || maestro);
    }
}
