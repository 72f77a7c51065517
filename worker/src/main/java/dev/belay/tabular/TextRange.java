package dev.belay.tabular;

import dev.belay.job.Excerpt;
import java.util.Arrays;
import java.util.Optional;

/// The first and the last of many texts by code point, looking at their first characters only, which is all that is
/// ever shown.
final class TextRange {
    // Two more than an excerpt shows, so that it is seen to be cut.
    private static final int PREFIX = Excerpt.LIMIT + 2;

    private char[] first = new char[0];
    private char[] last = new char[0];
    private boolean any;

    void add(char[] chars, int from, int to) {
        int end = Math.min(to, from + PREFIX);
        if (!any) {
            any = true;
            first = Arrays.copyOfRange(chars, from, end);
            last = first;
        } else if (compare(chars, from, end, first) < 0) {
            first = Arrays.copyOfRange(chars, from, end);
        } else if (compare(chars, from, end, last) > 0) {
            last = Arrays.copyOfRange(chars, from, end);
        }
    }

    Optional<String> first() {
        return any ? Optional.of(new String(first)) : Optional.empty();
    }

    Optional<String> last() {
        return any ? Optional.of(new String(last)) : Optional.empty();
    }

    private static int compare(char[] chars, int from, int end, char[] other) {
        int at = Arrays.mismatch(chars, from, end, other, 0, other.length);
        if (at < 0) {
            return 0;
        }
        if (at >= end - from || at >= other.length) {
            return Integer.compare(end - from, other.length);
        }
        return Integer.compare(rank(chars[from + at]), rank(other[at]));
    }

    /// Puts surrogates above all other characters, as the code points they stand for are.
    private static int rank(char character) {
        return Character.isSurrogate(character) ? character + 0x10000 : character;
    }
}
