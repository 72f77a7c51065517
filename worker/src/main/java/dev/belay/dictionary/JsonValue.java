package dev.belay.dictionary;

import tools.jackson.databind.JsonNode;

/// A JSON value that someone put into a dictionary and that Belay keeps without understanding it.
///
/// @param text the value without white space, members in the order they were given, numbers with all their digits
public record JsonValue(String text) {
    /// @throws IllegalArgumentException when the text is not one JSON value
    public JsonValue {
        try {
            text = DictionaryJson.write(DictionaryJson.read(text));
        } catch (DictionaryJson.NotJson broken) {
            throw new IllegalArgumentException("the value " + broken.getMessage(), broken);
        }
    }

    static JsonValue of(JsonNode node) {
        return new JsonValue(DictionaryJson.write(node));
    }

    JsonNode node() {
        try {
            return DictionaryJson.read(text);
        } catch (DictionaryJson.NotJson impossible) {
            throw new IllegalStateException("the constructor read it", impossible);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
