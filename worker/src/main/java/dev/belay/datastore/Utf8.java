package dev.belay.datastore;

/// Well-formed UTF-8, as in table 3-7 of the Unicode Standard.
final class Utf8 {
    private Utf8() {}

    /// Whether `bytes[from, to)` is well-formed: no overlong form, no half of a surrogate pair, nothing cut off.
    static boolean isWellFormed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? 1 : sequence(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /// The length of the sequence of several bytes that begins here, or 0 when it is none.
    private static int sequence(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int next = at + 2; next < at + length; next++) {
            if ((bytes[next] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
