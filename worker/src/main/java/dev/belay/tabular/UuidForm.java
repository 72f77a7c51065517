package dev.belay.tabular;

/// Whether a value is a UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
final class UuidForm {
    static final int LENGTH = 36;

    private UuidForm() {}

    static boolean is(byte[] bytes, int from) {
        for (int at = 0; at < LENGTH; at++) {
            byte character = bytes[from + at];
            boolean dash = at == 8 || at == 13 || at == 18 || at == 23;
            if (dash ? character != '-' : !isHex(character)) {
                return false;
            }
        }
        return true;
    }

    static boolean isHex(byte character) {
        int lower = character | 0x20;
        return (character >= '0' && character <= '9') || (lower >= 'a' && lower <= 'f');
    }
}
