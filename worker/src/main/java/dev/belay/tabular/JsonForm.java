package dev.belay.tabular;

/// Whether a value is a JSON object or array (RFC 8259), not nested deeper than anyone reads.
final class JsonForm {
    private static final int DEEPEST = 64;
    private static final int NO = -1;

    private byte[] bytes = new byte[0];
    private int to;

    /// Whether all of `source[from, end)` is one object or array.
    boolean read(byte[] source, int from, int end) {
        bytes = source;
        to = end;
        return (source[from] == '{' || source[from] == '[') && value(from, 0) == end;
    }

    /// @return the place behind the value, or -1
    private int value(int start, int depth) {
        if (start >= to || depth > DEEPEST) {
            return NO;
        }
        return switch (bytes[start]) {
            case '{' -> members(start, depth, (byte) '}');
            case '[' -> members(start, depth, (byte) ']');
            case '"' -> text(start);
            case 't' -> word(start, "true");
            case 'f' -> word(start, "false");
            case 'n' -> word(start, "null");
            default -> number(start);
        };
    }

    private int members(int start, int depth, byte close) {
        boolean isObject = close == '}';
        int at = blank(start + 1);
        if (at < to && bytes[at] == close) {
            return at + 1;
        }
        while (true) {
            if (isObject) {
                at = at < to && bytes[at] == '"' ? text(at) : NO;
                at = at == NO ? NO : blank(at);
                if (at == NO || at >= to || bytes[at] != ':') {
                    return NO;
                }
                at = blank(at + 1);
            }
            at = value(at, depth + 1);
            if (at == NO) {
                return NO;
            }
            at = blank(at);
            if (at >= to) {
                return NO;
            }
            if (bytes[at] == close) {
                return at + 1;
            }
            if (bytes[at] != ',') {
                return NO;
            }
            at = blank(at + 1);
        }
    }

    private int text(int start) {
        int at = start + 1;
        while (at < to) {
            byte character = bytes[at];
            if (character == '"') {
                return at + 1;
            }
            if (character >= 0 && character < ' ') {
                return NO;
            }
            if (character != '\\') {
                at++;
                continue;
            }
            at++;
            if (at >= to || "\"\\/bfnrtu".indexOf(bytes[at]) < 0) {
                return NO;
            }
            if (bytes[at] == 'u') {
                for (int digit = 1; digit <= 4; digit++) {
                    if (at + digit >= to || !UuidForm.isHex(bytes[at + digit])) {
                        return NO;
                    }
                }
                at += 4;
            }
            at++;
        }
        return NO;
    }

    private int word(int start, String word) {
        for (int at = 0; at < word.length(); at++) {
            if (start + at >= to || bytes[start + at] != word.charAt(at)) {
                return NO;
            }
        }
        return start + word.length();
    }

    private int number(int start) {
        int at = bytes[start] == '-' ? start + 1 : start;
        int digits = digits(at);
        if (digits == at || (digits > at + 1 && bytes[at] == '0')) {
            return NO;
        }
        at = digits;
        if (at < to && bytes[at] == '.') {
            digits = digits(at + 1);
            if (digits == at + 1) {
                return NO;
            }
            at = digits;
        }
        if (at < to && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            at += at < to && (bytes[at] == '+' || bytes[at] == '-') ? 1 : 0;
            digits = digits(at);
            return digits == at ? NO : digits;
        }
        return at;
    }

    private int digits(int start) {
        int at = start;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private int blank(int start) {
        int at = start;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }
}
