package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.Arrays;

/// Reads JSON values strictly after RFC 8259, byte by byte. A value is given as it is to be stored: a text without its
/// quotes and escapes, a number as it is written, an object or array as compact JSON. Nothing is made for a value, no
/// number is computed, and bytes that are no UTF-8 are passed on as they are, for the reader to reject.
final class JsonTokens {
    private static final int NO_TEXT = 0xff;

    private final JsonBytes in;
    private final FormatLimits limits;
    private byte[] value = new byte[1 << 12];
    private int length;
    private boolean keeps = true;
    private boolean halfPair;

    /// What a value is.
    enum Kind {
        NULL,
        TRUTH,
        NUMBER,
        TEXT,
        OBJECT,
        ARRAY
    }

    JsonTokens(JsonBytes in, FormatLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /// Whether values are kept, or only passed over.
    void keep(boolean kept) {
        this.keeps = kept;
    }

    /// The last value's bytes, up to [#length()]; valid until the next one is read.
    byte[] bytes() {
        return value;
    }

    int length() {
        return length;
    }

    /// Whether the last value had half a surrogate pair in it, which is no character.
    boolean hasHalfPair() {
        return halfPair;
    }

    /// Reads the next value.
    Kind value(int depth) throws JsonSyntax, JobFailure, IOException {
        length = 0;
        halfPair = false;
        return any(depth, true);
    }

    /// Reads a key and the colon behind it.
    void key() throws JsonSyntax, JobFailure, IOException {
        length = 0;
        halfPair = false;
        if (in.peekPastBlanks() != '"') {
            throw unexpected("a key in double quotes");
        }
        boolean before = keeps;
        keeps = true;
        text(true);
        keeps = before;
        expect(':', "a colon behind the key");
    }

    /// Takes one of the characters that hold objects and arrays together.
    void expect(char wanted, String shown) throws JsonSyntax, IOException {
        if (in.peekPastBlanks() != wanted) {
            throw unexpected(shown);
        }
        in.next();
    }

    /// Takes the comma before a next element, or the end.
    ///
    /// @return whether there is a next element
    boolean more(char end) throws JsonSyntax, IOException {
        int next = in.peekPastBlanks();
        if (next != ',' && next != end) {
            throw unexpected("a comma or \"%c\"".formatted(end));
        }
        in.next();
        if (next == ',' && in.peekPastBlanks() == end) {
            throw new JsonSyntax(in.spot(), "nothing stands behind the comma");
        }
        return next == ',';
    }

    /// Takes the end of an object or array that has nothing in it.
    boolean isEmpty(char end) throws IOException {
        if (in.peekPastBlanks() != end) {
            return false;
        }
        in.next();
        return true;
    }

    JsonSyntax unexpected(String wanted) throws IOException {
        int next = in.peekPastBlanks();
        String found = next == JsonBytes.END
                ? "the text ends"
                : next > 0x20 && next < 0x7f
                        ? "\"%c\" stands here".formatted(next)
                        : "byte %02X stands here".formatted(next);
        return new JsonSyntax(in.spot(), "%s, where %s belongs".formatted(found, wanted));
    }

    private Kind any(int depth, boolean top) throws JsonSyntax, JobFailure, IOException {
        int next = in.peekPastBlanks();
        return switch (next) {
            case '"' -> {
                text(top);
                yield Kind.TEXT;
            }
            case '{' -> {
                object(deeper(depth));
                yield Kind.OBJECT;
            }
            case '[' -> {
                array(deeper(depth));
                yield Kind.ARRAY;
            }
            case 't' -> word("true", Kind.TRUTH);
            case 'f' -> word("false", Kind.TRUTH);
            case 'n' -> word("null", Kind.NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("a value");
        };
    }

    private int deeper(int depth) throws JobFailure {
        if (depth >= limits.jsonDepth()) {
            JsonBytes.Spot spot = in.spot();
            throw JobFailure.permanent(
                    FailureCode.JSON_DEPTH,
                    "line %d, column %d (byte %d): values stand deeper in one another than limits.jsonDepth (%d)"
                            .formatted(spot.line(), spot.column(), spot.offset(), limits.jsonDepth()));
        }
        return depth + 1;
    }

    private void object(int depth) throws JsonSyntax, JobFailure, IOException {
        put(in.next());
        if (!isEmpty('}')) {
            do {
                if (in.peekPastBlanks() != '"') {
                    throw unexpected("a key in double quotes");
                }
                text(false);
                expect(':', "a colon behind the key");
                put(':');
                any(depth, false);
                put(in.peekPastBlanks() == ',' ? ',' : '}');
            } while (more('}'));
        } else {
            put('}');
        }
    }

    private void array(int depth) throws JsonSyntax, JobFailure, IOException {
        put(in.next());
        if (!isEmpty(']')) {
            do {
                any(depth, false);
                put(in.peekPastBlanks() == ',' ? ',' : ']');
            } while (more(']'));
        } else {
            put(']');
        }
    }

    private Kind word(String word, Kind kind) throws JsonSyntax, JobFailure, IOException {
        JsonBytes.Spot start = in.spot();
        for (int at = 0; at < word.length(); at++) {
            if (in.next() != word.charAt(at)) {
                throw new JsonSyntax(start, "a word stands here that is neither true, false nor null");
            }
            put(word.charAt(at));
        }
        return kind;
    }

    private Kind number() throws JsonSyntax, JobFailure, IOException {
        if (in.peek() == '-') {
            put(in.next());
        }
        if (in.peek() == '0') {
            put(in.next());
        } else {
            digits();
        }
        if (in.peek() == '.') {
            put(in.next());
            digits();
        }
        if (in.peek() == 'e' || in.peek() == 'E') {
            put(in.next());
            if (in.peek() == '+' || in.peek() == '-') {
                put(in.next());
            }
            digits();
        }
        int next = in.peek();
        if (next >= '0' && next <= '9') {
            throw new JsonSyntax(in.spot(), "a number does not begin with 0");
        }
        return Kind.NUMBER;
    }

    private void digits() throws JsonSyntax, JobFailure, IOException {
        int next = in.peek();
        if (next < '0' || next > '9') {
            throw unexpected("a digit");
        }
        for (; next >= '0' && next <= '9'; next = in.peek()) {
            put(in.next());
        }
    }

    /// @param bare without quotes, and with the escapes resolved
    private void text(boolean bare) throws JsonSyntax, JobFailure, IOException {
        JsonBytes.Spot start = in.spot();
        in.next();
        if (!bare) {
            put('"');
        }
        for (int next = in.peek(); next != '"'; next = in.peek()) {
            if (next == JsonBytes.END) {
                throw new JsonSyntax(start, "the text that opens here is never closed");
            }
            if (next < 0x20) {
                throw new JsonSyntax(in.spot(), "byte %02X stands in a text, where it must be escaped".formatted(next));
            }
            if (next != '\\') {
                put(in.next());
            } else if (bare) {
                escaped();
            } else {
                checkedEscape();
            }
        }
        in.next();
        if (!bare) {
            put('"');
        }
    }

    /// An escape inside a value that stays JSON: it is kept, but must be one.
    private void checkedEscape() throws JsonSyntax, JobFailure, IOException {
        put(in.next());
        int kind = in.peek();
        if (kind == JsonBytes.END || "\"\\/bfnrtu".indexOf(kind) < 0) {
            throw new JsonSyntax(in.spot(), "an unknown escape stands here");
        }
        put(in.next());
        for (int digit = 0; kind == 'u' && digit < 4; digit++) {
            if (Character.digit(in.peek(), 16) < 0) {
                throw unexpected("a hexadecimal digit");
            }
            put(in.next());
        }
    }

    private void escaped() throws JsonSyntax, JobFailure, IOException {
        in.next();
        int kind = in.peek();
        switch (kind) {
            case '"', '\\', '/' -> put(kind);
            case 'b' -> put('\b');
            case 'f' -> put('\f');
            case 'n' -> put('\n');
            case 'r' -> put('\r');
            case 't' -> put('\t');
            case 'u' -> {
                in.next();
                unicode(hex());
                return;
            }
            default -> throw new JsonSyntax(in.spot(), "an unknown escape stands here");
        }
        in.next();
    }

    private void unicode(int unit) throws JsonSyntax, JobFailure, IOException {
        if (!Character.isSurrogate((char) unit)) {
            putCharacter(unit);
            return;
        }
        if (Character.isHighSurrogate((char) unit) && in.peek() == '\\') {
            JsonBytes.Spot behind = in.spot();
            in.next();
            if (in.peek() == 'u') {
                in.next();
                int second = hex();
                if (Character.isLowSurrogate((char) second)) {
                    putCharacter(Character.toCodePoint((char) unit, (char) second));
                    return;
                }
            }
            in.goTo(behind);
        }
        halfPair = true;
        put(NO_TEXT);
    }

    private int hex() throws JsonSyntax, IOException {
        int unit = 0;
        for (int at = 0; at < 4; at++) {
            int digit = Character.digit(in.peek(), 16);
            if (digit < 0) {
                throw unexpected("a hexadecimal digit");
            }
            in.next();
            unit = unit * 16 + digit;
        }
        return unit;
    }

    private void putCharacter(int point) throws JobFailure {
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xc0 | (point >> 6));
            put(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            put(0xe0 | (point >> 12));
            put(0x80 | ((point >> 6) & 0x3f));
            put(0x80 | (point & 0x3f));
        } else {
            put(0xf0 | (point >> 18));
            put(0x80 | ((point >> 12) & 0x3f));
            put(0x80 | ((point >> 6) & 0x3f));
            put(0x80 | (point & 0x3f));
        }
    }

    private void put(int one) throws JobFailure {
        if (!keeps) {
            return;
        }
        if (length == value.length) {
            if (length > limits.fieldBytes()) {
                JsonBytes.Spot spot = in.spot();
                throw JobFailure.permanent(
                        FailureCode.FIELD_TOO_LARGE,
                        "line %d, column %d (byte %d): a value is larger than limits.fieldBytes (%d bytes)"
                                .formatted(spot.line(), spot.column(), spot.offset(), limits.fieldBytes()));
            }
            value = Arrays.copyOf(value, (int) Math.min(2L * value.length, limits.fieldBytes() + 16));
        }
        value[length++] = (byte) one;
    }
}
