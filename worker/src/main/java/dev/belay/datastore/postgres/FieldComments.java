package dev.belay.datastore.postgres;

import dev.belay.job.DictionaryDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a dictionary says of each column, as a comment of the database holds it: the field's JSON object.
final class FieldComments {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FieldComments() {}

    /// By column name; empty for a document without fields, which is no concern of a datastore.
    static Map<String, String> of(DictionaryDocument dictionary) {
        var comments = new LinkedHashMap<String, String>();
        try {
            for (JsonNode field : MAPPER.readTree(dictionary.json()).path("fields")) {
                if (field.path("name").isString()) {
                    comments.put(field.path("name").stringValue(), field.toString());
                }
            }
        } catch (JacksonException notJson) {
            return Map.of();
        }
        return comments;
    }
}
