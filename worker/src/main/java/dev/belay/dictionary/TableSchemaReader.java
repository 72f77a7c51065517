package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads a Table Schema and names everything that is wrong with it at once, each by its JSON pointer (RFC 6901).
///
/// One reader reads one schema.
final class TableSchemaReader {
    private static final int PROBLEMS_SHOWN = 20;

    /// Stands for a name that was found at fault, while the other problems are looked for.
    private static final String UNNAMED = "\0";

    private final DictionaryLimits limits;
    private final List<String> problems = new ArrayList<>();

    TableSchemaReader(DictionaryLimits limits) {
        this.limits = limits;
    }

    DataDictionary read(String json) throws JobFailure {
        if (json.length() > limits.document()) {
            problem("", tooLong(json.length(), limits.document()));
            throw invalid();
        }
        JsonNode schema = tree(json);
        if (!schema.isObject()) {
            problem("", "is not an object");
            throw invalid();
        }
        List<Field> fields = fields(schema.path(DataDictionary.FIELDS));
        Map<String, JsonValue> others = others(schema, "", Set.of(DataDictionary.FIELDS));
        refuseWrongMissingValues(others, "");
        if (!problems.isEmpty()) {
            throw invalid();
        }
        return new DataDictionary(fields, others);
    }

    private JsonNode tree(String json) throws JobFailure {
        try {
            return DictionaryJson.read(json);
        } catch (DictionaryJson.NotJson broken) {
            problem("", String.valueOf(broken.getMessage()));
            throw invalid();
        }
    }

    private List<Field> fields(JsonNode array) {
        if (!array.isArray()) {
            problem("/fields", array.isMissingNode() ? "is missing" : "is not an array");
            return List.of();
        }
        if (array.size() > limits.fields()) {
            problem("/fields", "has %,d fields, the limit is %,d".formatted(array.size(), limits.fields()));
            return List.of();
        }
        List<Field> fields = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int at = 0; at < array.size(); at++) {
            String pointer = "/fields/" + at;
            if (!array.get(at).isObject()) {
                problem(pointer, "is not an object");
                continue;
            }
            Field field = field(array.get(at), pointer);
            Integer earlier = seen.putIfAbsent(field.name(), at);
            if (earlier == null) {
                fields.add(field);
            } else if (!field.name().equals(UNNAMED)) {
                problem(
                        pointer + "/name",
                        "\"%s\" is the name of /fields/%d too".formatted(Excerpt.of(field.name()), earlier));
            }
        }
        return fields;
    }

    private Field field(JsonNode node, String pointer) {
        String name = text(node, pointer, "name", limits.name()).orElse("");
        if (name.isEmpty()) {
            problem(pointer + "/name", "is missing or empty");
        }
        Optional<String> declared = text(node, pointer, "type", limits.name());
        Optional<ColumnType> exact = type(node, pointer, Field.TYPE);
        Optional<ColumnType> wanted = type(node, pointer, Field.TYPE_OVERRIDE);
        Optional<ColumnType> understood = declared.flatMap(TypeNames::understood);
        Map<String, JsonValue> others = new TreeMap<>(others(node, pointer, Field.OWN));
        if (declared.isPresent() && understood.isEmpty()) {
            others.put(Field.DECLARED_TYPE, new JsonValue(quoted(declared.get())));
        }
        boolean retyped = exact.isPresent()
                && understood.isPresent()
                && !TypeNames.frictionless(exact.get()).equals(TypeNames.frictionless(understood.get()));
        return new Field(
                name.isEmpty() ? UNNAMED : name,
                text(node, pointer, "title", limits.title()).orElse(""),
                text(node, pointer, "description", limits.description()).orElse(""),
                exact.or(() -> understood),
                // Someone changed `type` in an exported schema: that is a wish, not what was loaded.
                wanted.or(() -> retyped ? understood : Optional.empty()),
                text(node, pointer, Field.ORIGINAL_HEADER, limits.title()),
                orphan(node, pointer),
                refusingWrongWords(others, pointer));
    }

    private Optional<String> text(JsonNode node, String pointer, String property, int limit) {
        JsonNode value = node.path(property);
        // The published schema lets null stand for "nobody said".
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String at = pointer + "/" + escaped(property);
        if (!value.isString()) {
            problem(at, "is not a string");
            return Optional.empty();
        }
        String text = value.stringValue();
        Optional<String> flaw =
                text.length() > limit ? Optional.of(tooLong(text.length(), limit)) : PlainText.flaw(text);
        flaw.ifPresent(what -> problem(at, what));
        return flaw.isPresent() ? Optional.empty() : Optional.of(text);
    }

    private Optional<ColumnType> type(JsonNode node, String pointer, String property) {
        Optional<String> label = text(node, pointer, property, limits.name());
        Optional<ColumnType> type = label.flatMap(TypeNames::understood);
        if (label.isPresent() && type.isEmpty()) {
            problem(
                    pointer + "/" + escaped(property),
                    "\"%s\" is no type; use boolean, integer, decimal, double, date, time, timestamp, uuid, json or text"
                            .formatted(Excerpt.of(label.get())));
        }
        return type;
    }

    private Map<String, JsonValue> refusingWrongWords(Map<String, JsonValue> others, String pointer) {
        refuseWrongMissingValues(others, pointer);
        if (!limits.equals(DictionaryLimits.STORED)) {
            NumberChars.flaws(others).forEach((name, what) -> problem(pointer + "/" + name, what));
        }
        JsonValue order = others.get(Field.DATE_ORDER);
        if (order != null && Field.dateOrder(order).isEmpty() && !order.node().isNull()) {
            problem(
                    pointer + "/" + escaped(Field.DATE_ORDER),
                    "is %s; use \"dmy\" (the day first) or \"mdy\" (the month first)"
                            .formatted(Excerpt.of(order.text())));
        }
        return others;
    }

    /// What is stored from a time when nobody read it is kept, and says nothing.
    private void refuseWrongMissingValues(Map<String, JsonValue> others, String pointer) {
        JsonValue texts = others.get(MissingValues.NAME);
        if (texts != null && !limits.equals(DictionaryLimits.STORED)) {
            MissingValues.flaw(texts).ifPresent(what -> problem(pointer + "/" + MissingValues.NAME, what));
        }
    }

    private boolean orphan(JsonNode node, String pointer) {
        JsonNode value = node.path(Field.ORPHAN);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            problem(pointer + "/" + escaped(Field.ORPHAN), "is not true or false");
        }
        return value.isBoolean() && value.booleanValue();
    }

    private Map<String, JsonValue> others(JsonNode node, String pointer, Set<String> own) {
        Map<String, JsonValue> others = new TreeMap<>();
        for (var property : node.properties()) {
            String at = pointer + "/" + escaped(property.getKey());
            if (own.contains(property.getKey()) || hasFlaw(at, property.getKey(), property.getValue())) {
                continue;
            }
            JsonValue value = JsonValue.of(property.getValue());
            if (property.getKey().length() > limits.name()) {
                problem(at, "its name " + tooLong(property.getKey().length(), limits.name()));
            } else if (value.text().length() > limits.property()) {
                problem(at, tooLong(value.text().length(), limits.property()));
            } else {
                others.put(property.getKey(), value);
            }
        }
        return others;
    }

    private boolean hasFlaw(String pointer, String name, JsonNode value) {
        int before = problems.size();
        PlainText.flaw(name).ifPresent(what -> problem(pointer, "its name " + what));
        look(pointer, value);
        return problems.size() > before;
    }

    /// Looks for text that cannot be stored anywhere within a value. As deep as the parser lets a value be.
    private void look(String pointer, JsonNode value) {
        if (value.isString()) {
            PlainText.flaw(value.stringValue()).ifPresent(what -> problem(pointer, what));
        }
        for (int at = 0; value.isArray() && at < value.size(); at++) {
            look(pointer + "/" + at, value.get(at));
        }
        if (value.isObject()) {
            for (var member : value.properties()) {
                String at = pointer + "/" + escaped(member.getKey());
                PlainText.flaw(member.getKey()).ifPresent(what -> problem(at, "its name " + what));
                look(at, member.getValue());
            }
        }
    }

    private void problem(String pointer, String what) {
        problems.add((pointer.isEmpty() ? "the document" : pointer) + " " + what);
    }

    private JobFailure invalid() {
        String shown = String.join("; ", problems.subList(0, Math.min(problems.size(), PROBLEMS_SHOWN)));
        int hidden = problems.size() - PROBLEMS_SHOWN;
        return JobFailure.permanent(
                FailureCode.DICTIONARY_INVALID,
                "the dictionary is not a valid Table Schema: " + shown
                        + (hidden > 0 ? "; and " + hidden + " more problems" : ""));
    }

    private static String tooLong(int length, int limit) {
        return "has %,d characters, the limit is %,d".formatted(length, limit);
    }

    private static String escaped(String property) {
        return Excerpt.of(property.replace("~", "~0").replace("/", "~1"));
    }

    private static String quoted(String text) {
        return DictionaryJson.write(DictionaryJson.object().put("text", text).get("text"));
    }
}
