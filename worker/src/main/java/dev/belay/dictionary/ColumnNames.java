package dev.belay.dictionary;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Words for edits of a dictionary that cannot be made.
final class ColumnNames {
    private static final int SHOWN = 5;

    private ColumnNames() {}

    /// Refuses text that is too long or cannot be stored.
    static void check(String column, String property, String text, int limit) throws JobFailure {
        Optional<String> flaw = text.length() > limit
                ? Optional.of("has %,d characters, the limit is %,d".formatted(text.length(), limit))
                : PlainText.flaw(text);
        if (flaw.isPresent()) {
            String message = "the %s of column \"%s\" %s".formatted(property, Excerpt.of(column), flaw.get());
            throw JobFailure.permanent(FailureCode.DICTIONARY_INVALID, message);
        }
    }

    /// Says that `column` names no field, or several, and which names are near.
    static String notFound(String column, List<Field> called, List<Field> fields) {
        String asked = "\"" + Excerpt.of(column) + "\"";
        if (called.size() > 1) {
            return "several columns are called %s; use the name: %s".formatted(asked, shown(called.stream()));
        }
        if (fields.isEmpty()) {
            return "there is no column %s: the dictionary has no columns yet".formatted(asked);
        }
        List<Field> near = near(column, fields);
        return near.isEmpty()
                ? "there is no column %s; there are %s".formatted(asked, shown(fields.stream()))
                : "there is no column %s; near it: %s".formatted(asked, shown(near.stream()));
    }

    private static List<Field> near(String column, List<Field> fields) {
        // Comparing costs the product of the lengths: no name that is near is much longer than the excerpt of it.
        String asked = folded(Excerpt.of(column));
        int reach = Math.max(2, asked.length() / 3);
        return fields.stream()
                .filter(field -> distance(asked, field) <= reach)
                .sorted(Comparator.comparingInt(field -> distance(asked, field)))
                .toList();
    }

    private static int distance(String asked, Field field) {
        int toName = distance(asked, folded(Excerpt.of(field.name())));
        return Math.min(toName, distance(asked, folded(Excerpt.of(field.title()))));
    }

    /// Levenshtein's distance: how many characters to insert, drop or change.
    private static int distance(String from, String to) {
        int[] costs = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            costs[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int diagonal = costs[0];
            costs[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int changed = diagonal + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                diagonal = costs[column];
                costs[column] = Math.min(changed, 1 + Math.min(diagonal, costs[column - 1]));
            }
        }
        return costs[to.length()];
    }

    private static String shown(Stream<Field> fields) {
        List<String> names =
                fields.map(field -> "\"" + Excerpt.of(field.name()) + "\"").toList();
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " more";
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
