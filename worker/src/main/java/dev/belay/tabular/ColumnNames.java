package dev.belay.tabular;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Makes physical column names from headers. The same headers give the same names for ever: a change is a new
/// [#VERSION].
///
/// The rule: Unicode form C; control, format and separator characters, lone surrogates and quotes (`"`, `'`, backtick)
/// become `_`; blanks around go; an empty name is `column_` and its place from 1; a name that a datastore keeps for
/// itself gets `column_` in front; cut to 63 bytes of UTF-8 at a code point; a name that was there before, ignoring
/// case, gets `_2`, `_3` and so on, cut again to make room. Upper and lower case stay as written.
final class ColumnNames {
    /// The version of the rule; kept with every dataset.
    static final int VERSION = 1;

    private static final int LONGEST_BYTES = 63;
    private static final int WARNINGS_SHOWN = 20;
    private static final String PREFIX = "column_";
    // Our own key, SQLite's row identifiers, PostgreSQL's system columns.
    private static final Set<String> RESERVED =
            Set.of("_id", "rowid", "oid", "_rowid_", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> lastSuffix = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ColumnNames(List<String> headers) {
        Set<String> seen = new HashSet<>();
        for (String header : headers) {
            String name = unique(cut(safe(header), LONGEST_BYTES));
            names.add(name);
            warn(header, name, !header.isBlank() && !seen.add(header.strip()));
        }
    }

    /// @param headers the header's fields as they stand in the file
    static ColumnNames of(List<String> headers) {
        return new ColumnNames(headers);
    }

    /// One name for each header.
    List<String> names() {
        return List.copyOf(names);
    }

    /// A sentence for each header that is empty, there twice, or hard to recognise in its name; at most 21.
    List<String> warnings() {
        int shown = Math.min(warnings.size(), WARNINGS_SHOWN);
        var list = new ArrayList<>(warnings.subList(0, shown));
        if (shown < warnings.size()) {
            list.add("%d more headers were changed to make column names".formatted(warnings.size() - shown));
        }
        return list;
    }

    private String safe(String header) {
        var safe = new StringBuilder(header.length());
        Normalizer.normalize(header, Normalizer.Form.NFC)
                .codePoints()
                .forEach(point -> safe.appendCodePoint(isUnsafe(point) ? '_' : point));
        String name = trimmed(safe.toString());
        if (name.isEmpty()) {
            return PREFIX + (names.size() + 1);
        }
        String folded = fold(name);
        return RESERVED.contains(folded) || folded.startsWith("sqlite_") ? PREFIX + name : name;
    }

    private static boolean isUnsafe(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            // Words of some scripts are written with the zero-width joiners; all other format characters only deceive.
            case Character.FORMAT -> point != 0x200C && point != 0x200D;
            default -> point == '"' || point == '\'' || point == '`';
        };
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    private String unique(String name) {
        if (taken.add(fold(name))) {
            return name;
        }
        for (int suffix = lastSuffix.getOrDefault(fold(name), 1) + 1; ; suffix++) {
            String ending = "_" + suffix;
            String candidate = cut(name, LONGEST_BYTES - ending.length()) + ending;
            if (taken.add(fold(candidate))) {
                lastSuffix.put(fold(name), suffix);
                return candidate;
            }
        }
    }

    private static String cut(String name, int bytes) {
        int length = 0;
        int at = 0;
        while (at < name.length()) {
            int point = name.codePointAt(at);
            length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (length > bytes) {
                return name.substring(0, at);
            }
            at += Character.charCount(point);
        }
        return name;
    }

    private static String fold(String name) {
        return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private void warn(String header, String name, boolean duplicate) {
        if (header.isBlank()) {
            warnings.add("column %d has no header and is named %s".formatted(names.size(), Quoted.of(name)));
        } else if (duplicate) {
            warnings.add("header %s is there more than once; column %d is named %s"
                    .formatted(Quoted.of(header), names.size(), Quoted.of(name)));
        } else if (!name.equals(trimmed(header))) {
            warnings.add(
                    "header %s of column %d is named %s".formatted(Quoted.of(header), names.size(), Quoted.of(name)));
        }
    }
}
