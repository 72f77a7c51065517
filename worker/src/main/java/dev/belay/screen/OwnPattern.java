package dev.belay.screen;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A regular expression of one's own, matched in time that grows with the value alone (RE2/J), whatever it says.
///
/// @param name    how findings call it
/// @param pattern without back-references and look-around, which cannot be had in linear time
public record OwnPattern(String name, Pattern pattern) {
    /// The longest expression.
    public static final int MOST_CHARACTERS = 1_000;
    /// The largest compiled one, in instructions: matching takes time in proportion to it.
    private static final int MOST_INSTRUCTIONS = 10_000;

    /// As it is written in the settings: `NAME=EXPRESSION`.
    public String text() {
        return name + "=" + pattern.pattern();
    }

    /// Reads one.
    ///
    /// @throws IllegalArgumentException when it is too long, or no expression that can be matched in linear
    /// time, or matches nothing at all, which every value holds
    public static OwnPattern of(String name, String expression) {
        if (expression.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a pattern has at most %d characters, not %d".formatted(MOST_CHARACTERS, expression.length()));
        }
        try {
            Pattern pattern = Pattern.compile(expression);
            if (pattern.programSize() > MOST_INSTRUCTIONS) {
                throw new IllegalArgumentException("the pattern compiles to %d instructions, at most %d are matched"
                        .formatted(pattern.programSize(), MOST_INSTRUCTIONS));
            }
            if (pattern.matcher("").find()) {
                throw new IllegalArgumentException("the pattern matches an empty text, so every value would be found");
            }
            return new OwnPattern(name, pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression of RE2: " + e.getMessage(), e);
        }
    }
}
