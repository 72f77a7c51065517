package dev.belay.runtime.logging;

/// Text made fit for one line of a log: whatever it contains, it can neither begin a line of its own, nor colour or
/// reorder a terminal, nor end a JSON string.
final class LineText {
    private static final String HEX = "0123456789abcdef";

    private LineText() {}

    /// Appends `text` with control, format, separator and lone surrogate characters as `\\uXXXX`.
    static void appendPlain(StringBuilder line, String text) {
        append(line, text, false);
    }

    /// Appends `text` as a JSON string with its quotes.
    static void appendQuoted(StringBuilder line, String text) {
        line.append('"');
        append(line, text, true);
        line.append('"');
    }

    private static void append(StringBuilder line, String text, boolean json) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character >= ' ' && character < 0x7f) {
                if (json && (character == '"' || character == '\\')) {
                    line.append('\\');
                }
                line.append(character);
            } else if (Character.isHighSurrogate(character)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))
                    && printable(text.codePointAt(at))) {
                line.append(character).append(text.charAt(++at));
            } else if (!Character.isSurrogate(character) && printable(character)) {
                line.append(character);
            } else {
                escape(line, character);
            }
        }
    }

    private static boolean printable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void escape(StringBuilder line, char character) {
        line.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            line.append(HEX.charAt((character >> shift) & 0xf));
        }
    }
}
