package dev.belay.runtime.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds what someone probably meant.
final class NearMiss {
    private NearMiss() {}

    /// The known name nearest to a mistyped one: the same but for case and punctuation, the same last part, or few
    /// letters apart.
    static Optional<String> of(String mistyped, Collection<String> known) {
        String wanted = letters(mistyped);
        String last = letters(mistyped.substring(mistyped.lastIndexOf('.') + 1));
        String nearest = null;
        int nearestDistance = Math.min(4, 1 + wanted.length() / 4);
        for (String name : known.stream().sorted().toList()) {
            boolean sameLast = last.length() > 3
                    && letters(name.substring(name.lastIndexOf('.') + 1)).equals(last);
            int distance = Math.min(distance(wanted, letters(name)), sameLast ? 2 : Integer.MAX_VALUE);
            if (distance < nearestDistance) {
                nearestDistance = distance;
                nearest = name;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /// Levenshtein's distance, with two rows of its table.
    private static int distance(String left, String right) {
        int[] above = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= left.length(); row++) {
            int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int replaced = above[column - 1] + (left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[right.length()];
    }
}
