package dev.belay.datastore.postgres;

import dev.belay.job.ColumnType;
import dev.belay.job.DictionaryDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a dictionary and CKAN both say of a column; empty where nothing is said.
///
/// @param title       a dictionary's `title`, CKAN's `label`
/// @param description a dictionary's `description`, CKAN's `notes`
/// @param type        CKAN's `type_override`
record DictionaryWords(String title, String description, String type) {
    private static final String OVERRIDE = "belay:typeOverride";
    private static final String HEADER = "belay:originalHeader";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /// By column; none of a document without fields, which is no concern of a datastore.
    static Map<String, DictionaryWords> of(DictionaryDocument dictionary) {
        var words = new LinkedHashMap<String, DictionaryWords>();
        for (JsonNode field : fields(dictionary)) {
            String type = ColumnType.of(text(field, OVERRIDE))
                    .map(DictionaryWords::typeOfSite)
                    .orElse("");
            words.put(text(field, "name"), new DictionaryWords(text(field, "title"), text(field, "description"), type));
        }
        return words;
    }

    private static Iterable<JsonNode> fields(DictionaryDocument dictionary) {
        try {
            return MAPPER.readTree(dictionary.json()).path("fields");
        } catch (JacksonException notJson) {
            return List.of();
        }
    }

    private static String text(JsonNode field, String name) {
        return field.path(name).isString() ? field.path(name).stringValue() : "";
    }

    /// The dictionary with what people have written beside columns.
    static DictionaryDocument with(DictionaryDocument dictionary, Map<String, CkanComment> news) {
        JsonNode document = MAPPER.readTree(dictionary.json());
        for (JsonNode field : document.path("fields")) {
            CkanComment said = news.get(text(field, "name"));
            if (said != null && field instanceof ObjectNode object) {
                said.words().into(object);
            }
        }
        return new DictionaryDocument(MAPPER.writeValueAsString(document));
    }

    private void into(ObjectNode field) {
        put(field, "title", title.isBlank() ? text(field, HEADER) : title);
        put(field, "description", description);
        Optional<ColumnType> wanted = typeOfOurs(type);
        if (wanted.isPresent()) {
            field.put(OVERRIDE, wanted.get().label());
        } else if (type.isEmpty()) {
            field.remove(OVERRIDE);
        }
    }

    private static void put(ObjectNode field, String name, String value) {
        if (value.isBlank()) {
            field.remove(name);
        } else {
            field.put(name, value);
        }
    }

    /// Without a title that only repeats the column's name.
    DictionaryWords besideColumn(String column) {
        return title.equals(column) ? new DictionaryWords("", description, type) : this;
    }

    boolean isSameType(DictionaryWords other) {
        return typeOfOurs(type).equals(typeOfOurs(other.type)) && type.isEmpty() == other.type.isEmpty();
    }

    private static String typeOfSite(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "bool";
            case INTEGER -> "int8";
            case DECIMAL -> "numeric";
            case DOUBLE -> "float8";
            case DATE -> "date";
            case TIMESTAMP -> "timestamp";
            case JSON -> "json";
            case TIME, UUID, TEXT -> "text";
        };
    }

    private static Optional<ColumnType> typeOfOurs(String type) {
        return Optional.ofNullable(
                switch (type) {
                    case "bool", "boolean" -> ColumnType.BOOLEAN;
                    case "int", "int4", "int8", "integer", "bigint" -> ColumnType.INTEGER;
                    case "numeric" -> ColumnType.DECIMAL;
                    case "float4", "float8", "float" -> ColumnType.DOUBLE;
                    case "date" -> ColumnType.DATE;
                    case "timestamp" -> ColumnType.TIMESTAMP;
                    case "json", "nested" -> ColumnType.JSON;
                    case "text" -> ColumnType.TEXT;
                    default -> null;
                });
    }
}
