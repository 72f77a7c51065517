package dev.belay.dictionary;

import dev.belay.job.Excerpt;
import dev.belay.job.NumberMarks;
import dev.belay.job.NumberMarks.Decimal;
import dev.belay.job.NumberMarks.Group;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Table Schema's `decimalChar` and `groupChar` of a field: how its numbers are written
/// (<https://datapackage.org/standard/table-schema/#number>).
final class NumberChars {
    private static final String DECIMAL = "decimalChar";
    private static final String GROUP = "groupChar";

    private NumberChars() {}

    /// What they say; nothing when they are not what they should be.
    static NumberMarks marks(Map<String, JsonValue> properties) {
        return flaws(properties).isEmpty()
                ? new NumberMarks(
                        text(properties, DECIMAL).flatMap(Decimal::of),
                        text(properties, GROUP).flatMap(Group::of))
                : NumberMarks.UNKNOWN;
    }

    /// What is wrong with them, by their names, ending the sentence that begins with the pointer.
    static Map<String, String> flaws(Map<String, JsonValue> properties) {
        Map<String, String> flaws = new TreeMap<>();
        boolean decimalKnown = text(properties, DECIMAL).flatMap(Decimal::of).isPresent();
        boolean groupKnown = text(properties, GROUP).flatMap(Group::of).isPresent();
        if (isSaid(properties, DECIMAL) && !decimalKnown) {
            flaws.put(DECIMAL, "is %s; use \".\" or \",\"".formatted(shown(properties, DECIMAL)));
        }
        if (isSaid(properties, GROUP) && !groupKnown) {
            flaws.put(GROUP, "is %s; use \".\", \",\", \" \" or \"'\"".formatted(shown(properties, GROUP)));
        }
        if (decimalKnown && groupKnown && text(properties, DECIMAL).equals(text(properties, GROUP))) {
            flaws.put(GROUP, "is %s, which is decimalChar too".formatted(shown(properties, GROUP)));
        }
        return flaws;
    }

    private static boolean isSaid(Map<String, JsonValue> properties, String name) {
        JsonValue value = properties.get(name);
        return value != null && !value.node().isNull();
    }

    private static Optional<String> text(Map<String, JsonValue> properties, String name) {
        return Optional.ofNullable(properties.get(name))
                .map(JsonValue::node)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue);
    }

    private static String shown(Map<String, JsonValue> properties, String name) {
        return Optional.ofNullable(properties.get(name))
                .map(JsonValue::text)
                .map(Excerpt::of)
                .orElse("");
    }
}
