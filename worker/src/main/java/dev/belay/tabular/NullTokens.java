package dev.belay.tabular;

import java.util.Arrays;

/// Takes texts that stand for no value out of records.
final class NullTokens {
    private final byte[][] tokens;
    private long count;

    NullTokens(byte[][] tokens) {
        this.tokens = tokens;
    }

    void clear() {
        count = 0;
    }

    /// How many were taken out.
    long count() {
        return count;
    }

    /// Makes fields that are such a text empty.
    void take(byte[] bytes, int[] spans, int to, int columns) {
        if (tokens.length == 0) {
            return;
        }
        for (int at = to; at < to + 2 * columns; at += 2) {
            if (isToken(bytes, spans[at], spans[at + 1])) {
                spans[at + 1] = spans[at];
                count++;
            }
        }
    }

    private boolean isToken(byte[] bytes, int from, int to) {
        for (byte[] token : tokens) {
            if (token.length == to - from && from < to && Arrays.equals(bytes, from, to, token, 0, token.length)) {
                return true;
            }
        }
        return false;
    }
}
