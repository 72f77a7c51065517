package dev.belay.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Recognises UTF-16 and UTF-32 without a byte order mark by where their zero bytes stand.
final class ZeroBytes {
    private ZeroBytes() {}

    /// @param head the first bytes of a text
    static Optional<Charset> charset(byte[] head) {
        int[] zeros = new int[4];
        for (int at = 0; at < head.length; at++) {
            zeros[at % 4] += head[at] == 0 ? 1 : 0;
        }
        int quads = Math.max(1, head.length / 4);
        if (head.length >= 8 && zeros[0] * 4 < quads && zeros[2] * 10 > quads * 8 && zeros[3] * 10 > quads * 8) {
            return Optional.of(StandardCharsets.UTF_32LE);
        }
        if (head.length >= 8 && zeros[3] * 4 < quads && zeros[0] * 10 > quads * 8 && zeros[1] * 10 > quads * 8) {
            return Optional.of(StandardCharsets.UTF_32BE);
        }
        int pairs = head.length / 2;
        int even = zeros[0] + zeros[2];
        int odd = zeros[1] + zeros[3];
        // Most of the text is Latin, or its line ends and delimiters at least are.
        if (even * 20 <= odd && (odd * 10 > pairs * 4 || lineEnds(head, 0) * 2 > allLineEnds(head))) {
            return odd < 2 ? Optional.empty() : Optional.of(StandardCharsets.UTF_16LE);
        }
        if (odd * 20 <= even && (even * 10 > pairs * 4 || lineEnds(head, 1) * 2 > allLineEnds(head))) {
            return even < 2 ? Optional.empty() : Optional.of(StandardCharsets.UTF_16BE);
        }
        return Optional.empty();
    }

    /// Line feeds written in two bytes, the zero second (`first` is 0) or first.
    private static int lineEnds(byte[] head, int first) {
        int count = 0;
        for (int at = 0; at + 1 < head.length; at += 2) {
            count += head[at + first] == '\n' && head[at + 1 - first] == 0 ? 1 : 0;
        }
        return count;
    }

    private static int allLineEnds(byte[] head) {
        int count = 0;
        for (byte one : head) {
            count += one == '\n' ? 1 : 0;
        }
        return count;
    }
}
