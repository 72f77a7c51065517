package dev.belay.format;

/// ISO-2022-JP is ASCII to the eye: only its escape sequences show it.
final class JapaneseEscapes {
    private JapaneseEscapes() {}

    /// Whether one of the sequences that begin two-byte characters is there.
    static boolean isIn(byte[] bytes) {
        for (int at = 0; at + 2 < bytes.length; at++) {
            if (bytes[at] == 0x1b && bytes[at + 1] == '$' && (bytes[at + 2] == 'B' || bytes[at + 2] == '@')) {
                return true;
            }
        }
        return false;
    }
}
