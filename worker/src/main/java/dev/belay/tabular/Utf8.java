package dev.belay.tabular;

/// Sizes in UTF-8 without encoding.
final class Utf8 {
    private Utf8() {}

    /// How many bytes the characters take in UTF-8; half a surrogate pair counts two, so that a pair is four.
    static long length(char[] chars, int offset, int size) {
        long more = 0;
        for (int at = offset; at < offset + size; at++) {
            char character = chars[at];
            if (character >= 0x80) {
                more += character < 0x800 || Character.isSurrogate(character) ? 1 : 2;
            }
        }
        return size + more;
    }
}
