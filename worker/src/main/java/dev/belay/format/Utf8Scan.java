package dev.belay.format;

/// Walks over bytes and tells those that are UTF-8 (RFC 3629: shortest forms, no surrogates, nothing above U+10FFFF)
/// from those that are not. Bytes may come in pieces.
final class Utf8Scan {
    private long characters;
    private long invalid;
    private int missing;
    private int least;
    private int most;

    static boolean isValid(byte[] bytes) {
        var scan = new Utf8Scan();
        scan.over(bytes, 0, bytes.length);
        return scan.invalid == 0 && scan.missing == 0;
    }

    void over(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            int next = bytes[at] & 0xff;
            if (missing > 0) {
                if (next >= least && next <= most) {
                    least = 0x80;
                    most = 0xbf;
                    if (--missing == 0) {
                        characters++;
                    }
                    continue;
                }
                missing = 0;
                invalid++;
            }
            if (next >= 0xc2 && next <= 0xf4) {
                begin(next);
            } else if (next >= 0x80) {
                invalid++;
            }
        }
    }

    /// Sequences of several bytes that are a character.
    long characters() {
        return characters;
    }

    /// Places where there is none; a sequence that has only begun at the end is not counted.
    long invalid() {
        return invalid;
    }

    private void begin(int lead) {
        missing = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    }
}
