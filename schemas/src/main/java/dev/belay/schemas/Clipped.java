package dev.belay.schemas;

/// Text cut to a length on a code-point border, so that no message or event grows with its input.
final class Clipped {
    /// The longest piece of somebody's data that is ever repeated in a message.
    static final int VALUE_CHARACTERS = 64;

    private Clipped() {}

    static String value(String text) {
        return to(VALUE_CHARACTERS, text);
    }

    /// At most `limit` characters (code points), the last one an ellipsis where something was cut.
    static String to(int limit, String text) {
        if (text.length() <= limit || text.codePointCount(0, text.length()) <= limit) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, limit - 1)) + "…";
    }
}
