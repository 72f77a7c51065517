package dev.belay.dictionary;

import dev.belay.job.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Table Schema's `missingValues`: the texts that stand for no value, of a whole table or of one field
/// (<https://datapackage.org/standard/table-schema/#missingvalues>). Each is a text, or an object with the text as its
/// `value`.
final class MissingValues {
    static final String NAME = "missingValues";

    private static final int MOST = 100;
    private static final int LONGEST = 200;

    private MissingValues() {}

    /// The texts; empty when nobody said any or they are not what they should be.
    static Optional<List<String>> texts(JsonValue value) {
        if (flaw(value).isPresent() || value.node().isNull()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        value.node().iterator().forEachRemaining(one -> texts.add(text(one)));
        return Optional.of(List.copyOf(texts));
    }

    /// What is wrong with it, ending the sentence that begins with its pointer.
    static Optional<String> flaw(JsonValue value) {
        JsonNode node = value.node();
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isArray() || node.size() > MOST) {
            return Optional.of("is %s; use a list of at most %d texts such as [\"\", \"NA\"]"
                    .formatted(node.isArray() ? node.size() + " texts" : Excerpt.of(value.text()), MOST));
        }
        for (JsonNode one : node) {
            JsonNode text = one.isObject() ? one.path("value") : one;
            if (!text.isString()) {
                return Optional.of("holds %s; each is a text such as \"NA\", or an object with one as its \"value\""
                        .formatted(Excerpt.of(one.toString())));
            }
            if (text.stringValue().length() > LONGEST) {
                return Optional.of("holds a text of %,d characters, the limit is %,d"
                        .formatted(text.stringValue().length(), LONGEST));
            }
        }
        return Optional.empty();
    }

    private static String text(JsonNode one) {
        return (one.isObject() ? one.path("value") : one).stringValue();
    }
}
