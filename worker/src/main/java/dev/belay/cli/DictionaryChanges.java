package dev.belay.cli;

import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Field;
import dev.belay.job.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Says what is different between two dictionaries, a line each.
final class DictionaryChanges {
    private final List<String> lines = new ArrayList<>();
    private boolean changesType;

    private DictionaryChanges() {}

    static DictionaryChanges between(DataDictionary before, DataDictionary after) {
        var changes = new DictionaryChanges();
        Map<String, Field> known = new HashMap<>();
        before.fields().forEach(field -> known.put(field.name(), field));
        for (Field field : after.fields()) {
            changes.compare(known.getOrDefault(field.name(), Field.named(field.name())), field);
            if (!known.containsKey(field.name())) {
                changes.lines.add(field.name() + ": kept until a file has this column");
            }
        }
        if (!before.properties().equals(after.properties())) {
            changes.lines.add(
                    "other properties of the dictionary: " + after.properties().keySet());
        }
        return changes;
    }

    private void compare(Field before, Field after) {
        compare(after.name(), "title", before.title(), after.title());
        compare(after.name(), "description", before.description(), after.description());
        if (!before.typeOverride().equals(after.typeOverride())) {
            changesType = true;
            compare(after.name(), "type", type(before), type(after));
        }
        if (!before.properties().equals(after.properties())) {
            lines.add("%s: other properties %s → %s"
                    .formatted(
                            after.name(),
                            before.properties().keySet(),
                            after.properties().keySet()));
        }
    }

    private void compare(String column, String what, String before, String after) {
        if (!before.equals(after)) {
            lines.add("%s: %s %s → %s".formatted(column, what, quoted(before), quoted(after)));
        }
    }

    private static String type(Field field) {
        return field.typeOverride()
                .map(wanted -> wanted.label() + ", wanted")
                .orElseGet(() -> field.type().map(ColumnType::label).orElse("of the file") + ", as found");
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "(none)" : "\"" + text + "\"";
    }

    /// In the order of the columns; empty when both say the same.
    List<String> lines() {
        return List.copyOf(lines);
    }

    /// Whether a column is to be loaded as another type.
    boolean changesType() {
        return changesType;
    }

    /// Prints them, and what follows.
    void print(Screen screen) {
        if (lines.isEmpty()) {
            screen.print("nothing to change: the dictionary says so already");
        }
        lines.forEach(screen::print);
        if (changesType) {
            screen.print("the next load applies the type");
        }
    }
}
