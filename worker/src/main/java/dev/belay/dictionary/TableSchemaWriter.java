package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Writes a dictionary as a Table Schema: own properties in a fixed order, others by name, no white space.
final class TableSchemaWriter {
    private TableSchemaWriter() {}

    static String write(DataDictionary dictionary) {
        ObjectNode schema = DictionaryJson.object();
        var fields = schema.putArray(DataDictionary.FIELDS);
        for (Field field : dictionary.fields()) {
            fields.add(node(field));
        }
        others(schema, dictionary.properties());
        return DictionaryJson.write(schema);
    }

    private static ObjectNode node(Field field) {
        ObjectNode node = DictionaryJson.object();
        node.put("name", field.name());
        field.type().ifPresent(type -> node.put("type", TypeNames.frictionless(type)));
        if (!field.title().isEmpty()) {
            node.put("title", field.title());
        }
        if (!field.description().isEmpty()) {
            node.put("description", field.description());
        }
        field.type()
                .filter(TypeNames::needsExactName)
                .map(ColumnType::label)
                .ifPresent(label -> node.put(Field.TYPE, label));
        field.typeOverride().ifPresent(type -> node.put(Field.TYPE_OVERRIDE, type.label()));
        field.originalHeader().ifPresent(header -> node.put(Field.ORIGINAL_HEADER, header));
        if (field.orphan()) {
            node.put(Field.ORPHAN, true);
        }
        others(node, field.properties());
        return node;
    }

    private static void others(ObjectNode node, Map<String, JsonValue> properties) {
        properties.forEach((name, value) -> node.set(name, value.node()));
    }
}
