package dev.belay.runtime.settings;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// What `belay config` prints: every effective value with its origin, secrets masked.
public record SettingsReport(List<Entry> entries) {
    /// @param value as text that could be written for it; masked if it is a secret
    public record Entry(String key, String value, Origin origin) {}

    private static final int WIDEST = 50;

    /// Copies the entries.
    public SettingsReport {
        entries = List.copyOf(entries);
    }

    /// Lines of key, value and origin in columns, each ended.
    public String table() {
        int keyWidth = width("key", entries.stream().map(Entry::key).toList());
        int valueWidth =
                width("value", entries.stream().map(SettingsReport::shown).toList());
        var table = new StringBuilder();
        line(table, keyWidth, valueWidth, List.of("key", "value", "from"));
        for (Entry entry : entries) {
            line(
                    table,
                    keyWidth,
                    valueWidth,
                    List.of(entry.key(), shown(entry), entry.origin().text()));
        }
        return table.toString();
    }

    /// One JSON array of objects with `key`, `value` and `from`.
    public String json() {
        var mapper = JsonMapper.shared();
        var array = mapper.createArrayNode();
        for (Entry entry : entries) {
            array.addObject()
                    .put("key", entry.key())
                    .put("value", entry.value())
                    .put("from", entry.origin().text());
        }
        return array.toPrettyString();
    }

    private static int width(String head, List<String> cells) {
        return cells.stream().mapToInt(String::length).reduce(head.length(), Math::max);
    }

    private static void line(StringBuilder table, int keyWidth, int valueWidth, List<String> cells) {
        table.append(padded(cells.get(0), keyWidth))
                .append("  ")
                .append(padded(cells.get(1), Math.min(valueWidth, WIDEST)))
                .append("  ")
                .append(cells.get(2))
                .append('\n');
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /// The value on one line, whatever characters it has; nothing is shown as a dash.
    private static String shown(Entry entry) {
        if (entry.value().isEmpty()) {
            return "-";
        }
        var line = new StringBuilder();
        entry.value().codePoints().forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
                line.append("\\u%04x".formatted(point));
            } else {
                line.appendCodePoint(point);
            }
        });
        return line.toString();
    }
}
