package dev.belay.job;

import java.util.stream.Collectors;

/// Makes foreign text fit to be shown: one line, no control or direction characters, at most 64 characters.
///
/// Every value from a message, a file or a server that ends up in a failure text, a log line or a terminal goes through
/// here.
public final class Excerpt {
    /// The longest excerpt, in characters, the ellipsis included.
    public static final int LIMIT = 64;

    private Excerpt() {}

    /// @return `text` shortened to [#LIMIT] characters, with control, format and surrogate characters as `\\uXXXX`
    /// escapes
    public static String of(String text) {
        var shown = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            boolean pair = Character.isHighSurrogate(character)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            String piece = pair ? visible(text.codePointAt(at)) : visible(character);
            if (shown.length() + piece.length() > LIMIT - 1) {
                return shown.append('…').toString();
            }
            shown.append(piece);
            if (pair) {
                at++;
            }
        }
        return shown.toString();
    }

    private static String visible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> escaped(point);
            default -> Character.toString(point);
        };
    }

    private static String escaped(int point) {
        return Character.toString(point).chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }
}
