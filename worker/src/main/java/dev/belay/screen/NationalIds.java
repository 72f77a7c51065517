package dev.belay.screen;

import java.nio.charset.StandardCharsets;

/// Numbers that states give to people. The rules are named at [Detector].
///
/// Broken rule: one file of some twenty small tests, because each is one formula and they are read side by side.
final class NationalIds {
    private static final byte[] DNI_LETTERS = latin("TRWAGMYFPDXBNJZSQVHLCKE");
    private static final byte[] NHS = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final byte[] BSN = {9, 8, 7, 6, 5, 4, 3, 2};
    private static final byte[] PESEL = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    private static final byte[] FNR_FIRST = {3, 7, 6, 1, 8, 9, 4, 5, 2};
    private static final byte[] FNR_SECOND = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    // What the letters and digits 0-9, A-Z count for in odd places of a codice fiscale.
    private static final byte[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
        22, 25, 24, 23
    };
    // L letter, D digit (or one of the letters that stand for it where two people would have the same code).
    private static final byte[] FISCALE = latin("LLLLLLDDLDDLDDDL");
    private static final byte[] FISCALE_MONTHS = latin("ABCDEHLMPRST");
    private static final byte[] FISCALE_DIGITS = latin("LMNPQRSTUV");

    private NationalIds() {}

    static boolean isSsnShaped(Digits id) {
        return id.length() == 9 && id.isGrouped(324) && (id.separator() == '-' || id.separator() == ' ');
    }

    /// Two numbers were printed in advertisements and are nobody's.
    static boolean isSsn(Digits id) {
        int area = id.number(0, 3);
        int group = id.number(3, 2);
        int serial = id.number(5, 4);
        boolean given = area != 0 && area != 666 && area < 900 && group != 0 && serial != 0;
        return given && !(area == 78 && group == 5 && serial == 1120) && !(area == 219 && group == 9 && serial == 9999);
    }

    static boolean isAhvShaped(Digits id) {
        return id.length() == 13 && (id.isWhole() || id.isGrouped(3442)) && id.number(0, 3) == 756;
    }

    static boolean isAhv(Digits id) {
        int sum = 0;
        for (int place = 0; place < 13; place++) {
            sum += id.digit(place) * (place % 2 == 0 ? 1 : 3);
        }
        return sum % 10 == 0;
    }

    static boolean isNhsShaped(Digits id) {
        return id.length() == 10
                && (id.isWhole() || (id.isGrouped(334) && id.separator() != '.'))
                && !id.isOneDigitOnly();
    }

    static boolean isNhs(Digits id) {
        int check = 11 - weighed(id, NHS) % 11;
        return check != 10 && check % 11 == id.digit(9);
    }

    /// Of the first ten digits exactly one stands there twice or three times.
    static boolean isTaxIdShaped(Digits id) {
        if (id.length() != 11 || !(id.isWhole() || id.isGrouped(2333)) || id.digit(0) == 0) {
            return false;
        }
        long counts = 0;
        for (int place = 0; place < 10; place++) {
            counts += 1L << (4 * id.digit(place));
        }
        int repeated = 0;
        for (int digit = 0; digit < 10; digit++) {
            int count = (int) (counts >> (4 * digit)) & 15;
            if (count > 3) {
                return false;
            }
            repeated += count > 1 ? 1 : 0;
        }
        return repeated == 1;
    }

    static boolean isTaxId(Digits id) {
        int product = 10;
        for (int place = 0; place < 10; place++) {
            int sum = (id.digit(place) + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }
        return (11 - product) % 10 == id.digit(10);
    }

    static boolean isBsnShaped(Digits id) {
        return id.length() == 9 && (id.isWhole() || id.isGrouped(423)) && id.number(0, 9) > 0;
    }

    static boolean isBsn(Digits id) {
        return (weighed(id, BSN) - id.digit(8)) % 11 == 0;
    }

    /// Sex, year, month (or 20 and more where it is not known), department and what follows; Corsica has a
    /// letter.
    static boolean isNirShaped(Digits id) {
        if (id.length() != 15 || !(id.isWhole() || id.isGrouped(1222332))) {
            return false;
        }
        int sex = id.digit(0);
        int month = id.number(3, 2);
        return sex >= 1 && sex <= 4 && ((month >= 1 && month <= 12) || (month >= 20 && month <= 42));
    }

    static boolean isNir(Digits id) {
        long number = 0;
        long less = 0;
        for (int place = 0; place < 13; place++) {
            int one = id.at[place];
            boolean letter = one > '9';
            less = letter ? ((one & ~0x20) == 'A' ? 1_000_000 : 2_000_000) : less;
            number = number * 10 + (letter ? 0 : one - '0');
        }
        // 2A counts as 19, 2B as 18: with 0 for the letter, that is a million or two less than 20.
        return 97 - (number - less) % 97 == id.number(13, 2);
    }

    static boolean isDni(int number, byte letter) {
        return DNI_LETTERS[number % 23] == (letter & ~0x20);
    }

    static boolean isFiscaleShaped(Digits id) {
        if (id.length() != 16 || !id.isWhole()) {
            return false;
        }
        for (int place = 0; place < 16; place++) {
            boolean letter = id.at[place] > '9';
            if (FISCALE[place] == 'L' ? !letter : letter && indexOf(FISCALE_DIGITS, id.at[place]) < 0) {
                return false;
            }
        }
        return indexOf(FISCALE_MONTHS, id.at[8]) >= 0;
    }

    static boolean isFiscale(Digits id) {
        int sum = 0;
        for (int place = 0; place < 15; place++) {
            int one = id.at[place];
            int value = one > '9' ? (one & ~0x20) - 'A' + 10 : one - '0';
            sum += place % 2 == 0 ? ODD[value] : value > 9 ? value - 10 : value;
        }
        return sum % 26 == (id.at[15] & ~0x20) - 'A';
    }

    /// The century is in the month: 80, 0, 20, 40, 60 for 1800 to 2200.
    static boolean isPeselShaped(Digits id) {
        int month = id.length() == 11 ? id.number(2, 2) % 20 : 0;
        return month >= 1 && month <= 12 && id.isWhole() && isDay(id.number(4, 2));
    }

    static boolean isPesel(Digits id) {
        return (10 - weighed(id, PESEL) % 10) % 10 == id.digit(10);
    }

    static boolean isFnrShaped(Digits id) {
        if (id.length() != 11 || !(id.isWhole() || (id.isGrouped(65) && id.separator() == ' '))) {
            return false;
        }
        int day = id.number(0, 2);
        int month = id.number(2, 2);
        return isDay(day > 40 ? day - 40 : day) && month >= 1 && month <= 12;
    }

    static boolean isFnr(Digits id) {
        int first = (11 - weighed(id, FNR_FIRST) % 11) % 11;
        int second = (11 - weighed(id, FNR_SECOND) % 11) % 11;
        return first == id.digit(9) && second == id.digit(10);
    }

    static boolean isNrnShaped(Digits id) {
        if (id.length() != 11 || !(id.isWhole() || id.isGrouped(22232))) {
            return false;
        }
        int month = id.number(2, 2);
        return month >= 1 && month <= 12 && isDay(id.number(4, 2)) && id.number(6, 3) > 0;
    }

    static boolean isNrn(Digits id) {
        int number = id.number(0, 9);
        int key = id.number(9, 2);
        return 97 - number % 97 == key || 97 - (int) ((2_000_000_000L + number) % 97) == key;
    }

    static boolean isCpfShaped(Digits id) {
        return id.length() == 11 && (id.isWhole() || id.isGrouped(3332)) && !id.isOneDigitOnly();
    }

    static boolean isCpf(Digits id) {
        return cpfCheck(id, 9) == id.digit(9) && cpfCheck(id, 10) == id.digit(10);
    }

    private static int cpfCheck(Digits id, int length) {
        int sum = 0;
        for (int place = 0; place < length; place++) {
            sum += id.digit(place) * (length + 1 - place);
        }
        return sum * 10 % 11 % 10;
    }

    private static int weighed(Digits id, byte[] weights) {
        int sum = 0;
        for (int place = 0; place < weights.length; place++) {
            sum += id.digit(place) * weights[place];
        }
        return sum;
    }

    private static boolean isDay(int day) {
        return day >= 1 && day <= 31;
    }

    private static int indexOf(byte[] letters, byte letter) {
        for (int at = 0; at < letters.length; at++) {
            if (letters[at] == (letter & ~0x20)) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
