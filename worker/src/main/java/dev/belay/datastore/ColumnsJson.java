package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Columns as the JSON that catalogs and manifests keep: `[{"name", "title", "type", "precision", "scale"}]`.
public final class ColumnsJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ColumnsJson() {}

    /// The list as JSON.
    public static String write(List<Column> columns) {
        ArrayNode array = MAPPER.createArrayNode();
        for (Column column : columns) {
            array.addObject()
                    .put("name", column.name())
                    .put("title", column.title())
                    .put("type", column.type().label())
                    .put("precision", column.precision())
                    .put("scale", column.scale());
        }
        return MAPPER.writeValueAsString(array);
    }

    /// @throws IllegalArgumentException when it was not written by [#write]
    public static List<Column> read(String json) {
        try {
            var columns = new ArrayList<Column>();
            for (JsonNode node : MAPPER.readTree(json)) {
                String label = node.required("type").stringValue();
                columns.add(new Column(
                        node.required("name").stringValue(),
                        node.required("title").stringValue(),
                        ColumnType.of(label).orElseThrow(() -> new IllegalArgumentException("type " + label)),
                        node.required("precision").intValue(),
                        node.required("scale").intValue()));
            }
            return columns;
        } catch (JacksonException notOurs) {
            throw new IllegalArgumentException("not a list of columns", notOurs);
        }
    }

    /// A list of names as JSON.
    public static String writeNames(List<String> names) {
        ArrayNode array = MAPPER.createArrayNode();
        names.forEach(array::add);
        return MAPPER.writeValueAsString(array);
    }

    /// @throws IllegalArgumentException when it was not written by [#writeNames]
    public static List<String> readNames(String json) {
        try {
            return MAPPER.readTree(json)
                    .valueStream()
                    .map(JsonNode::stringValue)
                    .toList();
        } catch (JacksonException notOurs) {
            throw new IllegalArgumentException("not a list of names", notOurs);
        }
    }
}
