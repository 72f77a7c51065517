package dev.belay.format;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a number format of a workbook says its numbers are (ECMA-376 part 1, 18.8.30 and 18.8.31).
enum NumberFormat {
    NUMBER,
    DATE,
    TIME,
    DATE_AND_TIME,
    /// Hours, minutes or seconds that may be more than a day.
    DURATION;

    private static final Pattern ELAPSED = Pattern.compile("\\[(h+|m+|s+)]");
    // Texts in quotes, escaped characters, paddings, and brackets that name colours, conditions and languages.
    private static final Pattern SILENT = Pattern.compile("\"[^\"]*\"|\\\\.|_.|\\*.|\\[[^\\]]*]");

    /// A format by its number, where it is one of those that are not written down.
    static NumberFormat builtIn(int id) {
        return switch (id) {
            case 14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58 -> DATE;
            case 18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56 -> TIME;
            case 22 -> DATE_AND_TIME;
            case 46 -> DURATION;
            default -> NUMBER;
        };
    }

    static NumberFormat of(String code) {
        String lower = code.toLowerCase(Locale.ROOT);
        String first = section(lower);
        if (ELAPSED.matcher(first).find()) {
            return DURATION;
        }
        String spoken = SILENT.matcher(first)
                .replaceAll("")
                .replace("am/pm", "h")
                .replace("a/p", "h")
                .replace("general", "");
        boolean hours = spoken.indexOf('h') >= 0 || spoken.indexOf('s') >= 0;
        boolean days = spoken.indexOf('y') >= 0 || spoken.indexOf('d') >= 0;
        boolean months = spoken.indexOf('m') >= 0;
        if (days || (months && !hours)) {
            return hours ? DATE_AND_TIME : DATE;
        }
        return hours ? TIME : NUMBER;
    }

    /// The first of the sections, which are divided by semicolons outside quotes.
    private static String section(String code) {
        boolean quoted = false;
        for (int at = 0; at < code.length(); at++) {
            char one = code.charAt(at);
            quoted ^= one == '"';
            if (one == ';' && !quoted) {
                return code.substring(0, at);
            }
        }
        return code;
    }
}
