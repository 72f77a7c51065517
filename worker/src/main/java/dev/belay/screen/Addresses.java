package dev.belay.screen;

/// E-mail addresses.
final class Addresses {
    private static final int MOST_LOCAL = 64;
    private static final int MOST_DOMAIN = 253;
    private static final int MOST_LABEL = 63;

    private Addresses() {}

    /// Where the local part begins.
    ///
    /// @param at the place of the `@`
    /// @return `at` itself when there is none
    static int start(byte[] all, int from, int at) {
        int least = Math.max(from, at - MOST_LOCAL - 1);
        int start = at;
        while (start > least && isLocal(all[start - 1])) {
            start--;
        }
        while (start < at && all[start] == '.') {
            start++;
        }
        return at - start > MOST_LOCAL || all[at - 1] == '.' ? at : start;
    }

    /// Where the domain ends: two labels at least, the last one of letters, two at least.
    ///
    /// @return `at` itself when there is none
    static int end(byte[] all, int at, int to) {
        int most = Math.min(to, at + 1 + MOST_DOMAIN);
        int label = at + 1;
        int end = at;
        for (int place = at + 1; place <= most; place++) {
            boolean inLabel = place < most && isDomain(all[place]);
            if (inLabel) {
                continue;
            }
            int length = place - label;
            if (length == 0 || length > MOST_LABEL || all[label] == '-' || all[place - 1] == '-') {
                break;
            }
            if (label > at + 1 && length >= 2 && isTop(all, label, place)) {
                end = place;
            }
            if (place == most || all[place] != '.') {
                break;
            }
            label = place + 1;
        }
        return end;
    }

    private static boolean isLocal(byte one) {
        return isDomain(one)
                || one == '.'
                || one == '_'
                || one == '+'
                || one == '%'
                || one == '\''
                || one == '!'
                || one == '#'
                || one == '$'
                || one == '&'
                || one == '*'
                || one == '='
                || one == '~';
    }

    /// Other alphabets too (RFC 6531).
    private static boolean isDomain(byte one) {
        return (one >= 'a' && one <= 'z')
                || (one >= 'A' && one <= 'Z')
                || (one >= '0' && one <= '9')
                || one == '-'
                || one < 0;
    }

    private static boolean isTop(byte[] all, int from, int to) {
        for (int place = from; place < to; place++) {
            if (all[place] >= '0' && all[place] <= '9' && !isPunycode(all, from, to)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPunycode(byte[] all, int from, int to) {
        return to - from > 4
                && (all[from] | 0x20) == 'x'
                && (all[from + 1] | 0x20) == 'n'
                && all[from + 2] == '-'
                && all[from + 3] == '-';
    }
}
