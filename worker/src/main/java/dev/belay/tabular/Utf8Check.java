package dev.belay.tabular;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Whether bytes are text in UTF-8.
final class Utf8Check {
    private static final int MARK = 0xEFBBBF;

    private boolean markSeen;

    /// Whether a byte order mark stood in any of the texts so far.
    boolean markSeen() {
        return markSeen;
    }

    void clear() {
        markSeen = false;
    }

    /// The first byte in `bytes[from, to)` that is no UTF-8, or `to`. Eight bytes behind `to` must be there.
    int firstBad(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if ((Words.at(bytes, at) & Words.HIGHS) == 0) {
                at += 8;
                continue;
            }
            int length = bytes[at] >= 0 ? 1 : sequence(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return to;
    }

    /// @return how many bytes the character has, or 0 when it is none
    private int sequence(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xFF;
        int left = to - at;
        if (first < 0xC2 || first > 0xF4 || left < 2 || !goesOn(bytes[at + 1])) {
            return 0;
        }
        if (first < 0xE0) {
            return 2;
        }
        if (left < 3 || !goesOn(bytes[at + 2])) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        if (first < 0xF0) {
            markSeen |= ((first << 16) | (second << 8) | (bytes[at + 2] & 0xFF)) == MARK;
            // No overlong forms, no halves of surrogate pairs.
            return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3;
        }
        boolean bad = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
        return bad || left < 4 || !goesOn(bytes[at + 3]) ? 0 : 4;
    }

    private static boolean goesOn(byte value) {
        return (value & 0xC0) == 0x80;
    }

    /// The bytes from `bad` on that are no text, in hexadecimal.
    static String hex(byte[] bytes, int bad, int to) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var source = ByteBuffer.wrap(bytes, bad, to - bad);
        var result = decoder.decode(source, CharBuffer.allocate(1), true);
        int length = result.isError() ? result.length() : Math.min(1, to - bad);
        return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes, bad, bad + length);
    }

    /// The text of `bytes[from, to)`, cut after at most `most` bytes between two characters.
    static String excerpt(byte[] bytes, int from, int to, int most) {
        int end = to;
        if (to - from > most) {
            end = from + most;
            while (end > from && goesOn(bytes[end])) {
                end--;
            }
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
