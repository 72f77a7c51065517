package dev.belay.format;

/// How well a text read as windows-1252 looks like a Western European language: its characters outside ASCII
/// are letters inside words, or signs where signs stand.
final class WesternText {
    private WesternText() {}

    /// @return 0.95 times the share of characters outside ASCII that stand where they belong
    static double plausibility(String text) {
        int good = 0;
        int bad = 0;
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            if (one < 0x80) {
                continue;
            }
            char before = at == 0 ? ' ' : text.charAt(at - 1);
            char after = at + 1 == text.length() ? ' ' : text.charAt(at + 1);
            if (belongs(one, before, after)) {
                good++;
            } else {
                bad++;
            }
        }
        return good + bad == 0 ? 0 : 0.95 * good / (good + bad);
    }

    private static boolean belongs(char one, char before, char after) {
        if (Character.isLetter(one) && one != 'ª' && one != 'º' && one != 'ƒ' && one != 'µ') {
            boolean foreignRun = before >= 0x80 && after >= 0x80;
            boolean capitalInside = Character.isUpperCase(one) && Character.isLowerCase(before);
            return !foreignRun && !capitalInside;
        }
        boolean apostrophe =
                one == '\u2019' || one == '\u2013' || one == '\u2014' || one == '\u00b7' || one == '\u00ad';
        boolean opens = "\u201c\u2018\u00ab\u201e\u201a\u00a1\u00bf\u2039\u00a7\u2022".indexOf(one) >= 0;
        boolean closes = "\u201d\u00bb\u203a\u00b0\u00aa\u00ba\u00b2\u00b3\u00b9\u2026\u2122\u00ae\u00a9\u20ac\u00a3"
                        .indexOf(one)
                >= 0;
        if (Character.isISOControl(one)) {
            return false;
        }
        return apostrophe
                || (opens && !Character.isLetter(before))
                || (closes && !(Character.isLetter(after) && one != '\u00b0'))
                || (!Character.isLetter(before) && !Character.isLetter(after));
    }
}
