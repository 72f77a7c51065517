package dev.belay.schemas;

import dev.belay.schemas.DictionaryDocument.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a Frictionless Table Schema. It is open: what Belay does not keep is not an error, but named to the reader.
final class DictionaryReader {
    static final int MAX_FIELDS = 2000;

    private static final List<String> DOCUMENT_FIELDS = List.of("$schema", "fields");
    private static final List<String> FIELD_FIELDS =
            List.of("name", "type", "title", "description", "belay:type", "belay:typeOverride");
    private static final Set<String> TYPES = Set.of(
            "string",
            "number",
            "integer",
            "boolean",
            "object",
            "array",
            "list",
            "date",
            "time",
            "datetime",
            "year",
            "yearmonth",
            "duration",
            "geopoint",
            "geojson",
            "any");
    private static final Set<String> BELAY_TYPES =
            Set.of("integer", "decimal", "double", "boolean", "date", "timestamp", "text");
    private static final int MAX_TEXT = 4096;

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    Parsed<DictionaryDocument> read(JsonNode tree) {
        JsonNode fields = tree.path("fields");
        if (!fields.isArray() || fields.size() > MAX_FIELDS) {
            return Parsed.invalid(List.of(
                    new Problem("/fields", "is required and must be a list of at most " + MAX_FIELDS + " fields")));
        }
        noteUnknown(tree, "", DOCUMENT_FIELDS);
        List<Field> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = field(fields.get(i), "/fields/" + i);
            if (!field.name().isEmpty() && !names.add(field.name())) {
                problems.add(new Problem(
                        "/fields/" + i + "/name", "\"" + Clipped.value(field.name()) + "\" is there twice"));
            }
            read.add(field);
        }
        return problems.isEmpty()
                ? new Parsed.Valid<>(new DictionaryDocument(read, ignored))
                : Parsed.invalid(problems);
    }

    private Field field(JsonNode node, String pointer) {
        noteUnknown(node, pointer, FIELD_FIELDS);
        String name = text(node, pointer, "name");
        if (name == null || name.isEmpty()) {
            problems.add(new Problem(pointer + "/name", "is required and must be the name of a column"));
        }
        String type = word(node, pointer, "type", TYPES);
        return new Field(
                name == null ? "" : name,
                type == null ? "any" : type,
                text(node, pointer, "title"),
                text(node, pointer, "description"),
                word(node, pointer, "belay:type", BELAY_TYPES),
                word(node, pointer, "belay:typeOverride", BELAY_TYPES));
    }

    private @Nullable String text(JsonNode node, String pointer, String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString() || value.stringValue().length() > MAX_TEXT) {
            problems.add(new Problem(
                    JsonFields.below(pointer, name), "must be a text of at most " + MAX_TEXT + " characters"));
            return null;
        }
        return value.stringValue();
    }

    private @Nullable String word(JsonNode node, String pointer, String name, Set<String> words) {
        String text = text(node, pointer, name);
        if (text != null && !words.contains(text)) {
            problems.add(new Problem(
                    JsonFields.below(pointer, name),
                    "must be one of "
                            + String.join(", ", words.stream().sorted().toList()) + ", not \"" + Clipped.value(text)
                            + "\""));
            return null;
        }
        return text;
    }

    private void noteUnknown(JsonNode node, String pointer, List<String> known) {
        node.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .map(name -> JsonFields.below(pointer, Clipped.value(name)))
                .forEach(ignored::add);
    }
}
