package dev.belay.screen;

import java.nio.charset.StandardCharsets;

/// Makes of a value what may be shown: `4*** **** **** ***1`.
///
/// The first and the last letter or digit stay where there are four at least, and single separators between;
/// every other character is a `*`. So no three characters of the value ever stand beside each other.
public final class Mask {
    private static final int MOST = 40;
    private static final int LEAST = 4;
    private static final String SEPARATORS = " -.@/";

    private Mask() {}

    /// A text that was shortened for showing already.
    public static String of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    static String of(byte[] all, int from, int to) {
        // A code point has 4 bytes at most: what is cut off would not be shown anyway.
        int end = Math.min(to, from + 4 * MOST);
        String text = new String(all, from, end - from, StandardCharsets.UTF_8).strip();
        int[] points = text.codePoints().toArray();
        int first = next(points, 0, 1);
        int last = next(points, points.length - 1, -1);
        int count = 0;
        for (int point : points) {
            count += Character.isLetterOrDigit(point) ? 1 : 0;
        }
        boolean ends = count >= LEAST;
        boolean whole = end == to;
        var masked = new StringBuilder();
        for (int at = Math.max(0, first); at <= last && masked.length() < MOST - 1; at++) {
            int point = points[at];
            boolean shown = ends && (at == first || (at == last && whole && last - first < MOST));
            boolean separates = SEPARATORS.indexOf(point) >= 0 && at > first && SEPARATORS.indexOf(points[at - 1]) < 0;
            masked.append(shown || separates ? Character.toString(point) : "*");
        }
        return last - first + 1 > MOST - 1 || !whole ? masked.append('…').toString() : masked.toString();
    }

    private static int next(int[] points, int start, int step) {
        for (int at = start; at >= 0 && at < points.length; at += step) {
            if (Character.isLetterOrDigit(points[at])) {
                return at;
            }
        }
        return -1;
    }
}
