package dev.belay.dictionary;

import java.util.Optional;

/// What text a dictionary can hold in every store: no NUL (PostgreSQL cannot keep it), no half of a surrogate pair
/// (UTF-8 cannot write it). Such text is refused where people put it in, and replaced only in generated titles.
final class PlainText {
    private PlainText() {}

    /// What cannot be kept in `text`, if anything.
    static Optional<String> flaw(String text) {
        int at = firstFlaw(text, 0);
        if (at < 0) {
            return Optional.empty();
        }
        String what = text.charAt(at) == 0 ? "a NUL character" : "half of a surrogate pair";
        return Optional.of("holds %s at character %d, which cannot be stored".formatted(what, at + 1));
    }

    /// `text` with U+FFFD in place of what cannot be kept, cut to `limit` characters between code points.
    static String mended(String text, int limit) {
        var mended = new StringBuilder(text);
        for (int at = firstFlaw(text, 0); at >= 0; at = firstFlaw(text, at + 1)) {
            mended.setCharAt(at, '\ufffd');
        }
        if (mended.length() > limit) {
            mended.setLength(Character.isHighSurrogate(mended.charAt(limit - 1)) ? limit - 1 : limit);
        }
        return mended.toString();
    }

    private static int firstFlaw(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char character = text.charAt(at);
            if (character == 0 || Character.isLowSurrogate(character)) {
                return at;
            }
            if (Character.isHighSurrogate(character)) {
                if (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))) {
                    return at;
                }
                at++;
            }
            at++;
        }
        return -1;
    }
}
