package dev.belay.schemas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// The fields of one JSON object that is closed: what is unknown or not as expected becomes a [Problem] with its
/// pointer, and reading goes on with the default, so that all problems are told at once. `null` is the default.
final class JsonFields {
    /// What a text must look like.
    ///
    /// @param expected ends the sentence "must be …"
    /// @param shown whether the value may be repeated in a message
    record TextRule(int maxCharacters, Pattern pattern, String expected, Shown shown) {
        enum Shown {
            VALUE,
            NOTHING
        }

        static TextRule of(int maxCharacters, String pattern, String expected) {
            return new TextRule(maxCharacters, Pattern.compile(pattern, Pattern.DOTALL), expected, Shown.VALUE);
        }

        private boolean accepts(String text) {
            return text.codePointCount(0, text.length()) <= maxCharacters
                    && pattern.matcher(text).matches();
        }
    }

    private final JsonNode node;
    private final String pointer;
    private final List<Problem> problems;

    /// @param known the names of all fields there may be
    JsonFields(JsonNode node, String pointer, List<Problem> problems, List<String> known) {
        this.node = node.isObject() ? node : MissingNode.getInstance();
        this.pointer = pointer;
        this.problems = problems;
        if (!node.isObject()) {
            problems.add(new Problem(pointer, "must be a JSON object, not " + shown(node)));
        }
        for (String name : this.node.propertyNames()) {
            if (!known.contains(name)) {
                problems.add(new Problem(
                        below(pointer, Clipped.value(name)),
                        "unknown field \"" + Clipped.value(name) + "\"; known here: " + String.join(", ", known)));
            }
        }
    }

    /// A JSON pointer to a field below `pointer`.
    static String below(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    boolean has(String name) {
        return value(name) != null;
    }

    void problem(String name, String message) {
        problems.add(new Problem(name.isEmpty() ? pointer : below(pointer, name), message));
    }

    @Nullable String text(String name, TextRule rule) {
        JsonNode value = value(name);
        return value == null ? null : text(value, below(pointer, name), rule);
    }

    /// The text, or an empty one beside a problem.
    String requiredText(String name, TextRule rule) {
        if (node.isObject() && !has(name)) {
            problem(name, "is required and must be " + rule.expected());
        }
        String text = text(name, rule);
        return text == null ? "" : text;
    }

    List<String> texts(String name, int maxItems, TextRule rule) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > maxItems) {
            problem(
                    name,
                    "must be a list of at most " + maxItems + " texts, not "
                            + (value.isArray() ? value.size() + " of them" : shown(value)));
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            String itemPointer = below(pointer, name) + "/" + i;
            String text = text(value.get(i), itemPointer, rule);
            if (text != null && !seen.add(text)) {
                problems.add(new Problem(itemPointer, "\"" + Clipped.value(text) + "\" is in the list twice"));
            } else if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    <E extends Enum<E> & WireName> E choice(String name, Class<E> type, E fallback) {
        E[] constants = type.getEnumConstants();
        return choice(name, List.of(constants), fallback, alternatives(constants));
    }

    /// One of some words.
    ///
    /// @param expected ends the sentence "must be …"
    <E extends WireName> E choice(String name, List<E> words, E fallback, String expected) {
        JsonNode value = value(name);
        if (value == null) {
            return fallback;
        }
        for (E word : words) {
            if (value.isString() && word.wire().equals(value.stringValue())) {
                return word;
            }
        }
        problem(name, "must be " + expected + ", not " + shown(value));
        return fallback;
    }

    /// As [#choice], for a field that may be left open.
    <E extends Enum<E> & WireName> @Nullable E choiceOrNull(String name, Class<E> type) {
        return value(name) == null ? null : choice(name, type, type.getEnumConstants()[0]);
    }

    @Nullable Long integer(String name, long least, long most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        double number = value.isNumber() ? value.doubleValue(Double.NaN) : Double.NaN;
        if (number != Math.rint(number) || number < least || number > most) {
            problem(name, "must be an integer from " + least + " to " + most + ", not " + shown(value));
            return null;
        }
        return (long) number;
    }

    double ratio(String name, double fallback) {
        JsonNode value = value(name);
        if (value == null) {
            return fallback;
        }
        double number = value.isNumber() ? value.doubleValue(Double.NaN) : Double.NaN;
        if (!(number >= 0 && number <= 1)) {
            problem(name, "must be a number from 0 to 1, not " + shown(value));
            return fallback;
        }
        return number;
    }

    JsonFields object(String name, List<String> known) {
        JsonNode value = value(name);
        if (value == null) {
            return new JsonFields(JsonNodeFactory.instance.objectNode(), below(pointer, name), problems, known);
        }
        return new JsonFields(value, below(pointer, name), problems, known);
    }

    /// True or false, which is the default.
    boolean truth(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isBoolean()) {
            problem(name, "must be true or false, not " + shown(value));
        }
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /// Whether a field is absent, null or false.
    boolean isFalse(String name) {
        JsonNode value = value(name);
        return value == null || (value.isBoolean() && !value.booleanValue());
    }

    boolean isObject(String name) {
        JsonNode value = value(name);
        return value != null && value.isObject();
    }

    boolean isList(String name) {
        JsonNode value = value(name);
        return value != null && value.isArray();
    }

    boolean isEmptyList(String name) {
        JsonNode value = value(name);
        return value != null && value.isArray() && value.isEmpty();
    }

    /// The JSON pointer to this object.
    String pointer() {
        return pointer;
    }

    /// A field that has no value yet.
    void onlyNull(String name) {
        JsonNode value = value(name);
        if (value != null) {
            problem(name, "is not supported yet and must be null, not " + kind(value));
        }
    }

    private @Nullable JsonNode value(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private @Nullable String text(JsonNode value, String valuePointer, TextRule rule) {
        if (value.isString() && rule.accepts(value.stringValue())) {
            return value.stringValue();
        }
        String found = rule.shown() == TextRule.Shown.VALUE ? ", not " + shown(value) : "";
        problems.add(new Problem(valuePointer, "must be " + rule.expected() + found));
        return null;
    }

    private static String alternatives(WireName[] constants) {
        return Arrays.stream(constants)
                .map(constant -> "\"" + constant.wire() + "\"")
                .collect(Collectors.joining(" or "));
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING, BINARY, POJO -> "something else";
        };
    }

    private static String shown(JsonNode node) {
        if (node.isObject()) {
            return "an object";
        }
        return node.isArray() ? "a list" : Clipped.value(node.toString());
    }
}
