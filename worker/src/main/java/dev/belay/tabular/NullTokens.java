package dev.belay.tabular;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Takes texts that stand for no value out of records.
final class NullTokens {
    private final byte[][][] tokens;
    private final boolean any;
    private long count;

    /// @param texts for each column those of its own
    NullTokens(List<List<String>> texts) {
        tokens = encoded(texts);
        any = texts.stream().anyMatch(column -> !column.isEmpty());
    }

    /// The texts' bytes. Columns with the same texts share them: every thread has its own of all this.
    static byte[][][] encoded(List<List<String>> texts) {
        Map<List<String>, byte[][]> known = new HashMap<>();
        return texts.stream()
                .map(column -> known.computeIfAbsent(column, NullTokens::encodedOnce))
                .toArray(byte[][][]::new);
    }

    private static byte[][] encodedOnce(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    void clear() {
        count = 0;
    }

    /// How many were taken out.
    long count() {
        return count;
    }

    /// Makes fields that are such a text empty.
    void take(byte[] bytes, int[] spans, int to) {
        if (!any) {
            return;
        }
        for (int column = 0; column < tokens.length; column++) {
            int at = to + 2 * column;
            if (isToken(tokens[column], bytes, spans[at], spans[at + 1])) {
                spans[at + 1] = spans[at];
                count++;
            }
        }
    }

    private static boolean isToken(byte[][] tokens, byte[] bytes, int from, int to) {
        for (byte[] token : tokens) {
            if (token.length == to - from && from < to && Arrays.equals(bytes, from, to, token, 0, token.length)) {
                return true;
            }
        }
        return false;
    }
}
