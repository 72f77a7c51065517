package dev.belay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaDocumentsTest {
    private final JsonMapper mapper = new JsonMapper();
    private final SchemaCheck schemas = new SchemaCheck();

    static Stream<String> resources() {
        return Stream.concat(
                Stream.of(
                        SchemaResources.JOB,
                        SchemaResources.CONTROL,
                        SchemaResources.DICTIONARY,
                        SchemaResources.DEAD_LETTER,
                        SchemaResources.CLOUD_EVENT,
                        SchemaResources.COMMON,
                        SchemaResources.RECEIPT),
                Arrays.stream(EventType.values()).map(EventType::schemaResource));
    }

    @ParameterizedTest
    @MethodSource("resources")
    void everySchemaIsAValidSchemaOf2020WithIdTitleAndDescription(String resource) {
        JsonNode schema = mapper.readTree(SchemaResources.text(resource));

        assertThat(schemas.schemaProblems(schema.toString())).isEmpty();
        assertThat(schema.path("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asString()).isEqualTo(SchemaResources.BASE + resource);
        assertThat(schema.path("title").asString()).isNotBlank();
        assertThat(schema.path("description").asString()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("resources")
    void everyFieldHasADescription(String resource) {
        List<String> without = new ArrayList<>();
        JsonNode schema = mapper.readTree(SchemaResources.text(resource));

        collectFieldsWithoutDescription(schema, "", without);

        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("resources")
    void everyExampleInASchemaValidates(String resource) {
        JsonNode schema = mapper.readTree(SchemaResources.text(resource));

        for (JsonNode example : schema.path("examples")) {
            assertThat(schemas.problems(resource, example.toString())).isEmpty();
        }

        boolean hasNoRootToShow =
                List.of(SchemaResources.COMMON, SchemaResources.RECEIPT).contains(resource);
        assertThat(schema.path("examples").isEmpty()).isEqualTo(hasNoRootToShow);
    }

    @Test
    void jobAndControlMessagesAreClosedAtEveryLevel() {
        for (String resource : List.of(SchemaResources.JOB, SchemaResources.CONTROL)) {
            List<String> open = new ArrayList<>();
            collectOpenObjects(mapper.readTree(SchemaResources.text(resource)), resource, open);
            assertThat(open).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventTypeHasAnExampleThatValidatesAndIsOpen(EventType type) {
        JsonNode event = mapper.readTree(SchemaResources.text(type.exampleResource()));

        assertThat(schemas.problems(SchemaResources.CLOUD_EVENT, event.toString()))
                .isEmpty();
        assertThat(event.path("type").asString()).isEqualTo(type.cloudEventType());
        assertThat(event.path("dataschema").asString()).isEqualTo(type.dataSchema());
        assertThat(schemas.problems(type.schemaResource(), event.path("data").toString()))
                .isEmpty();
        ((tools.jackson.databind.node.ObjectNode) event.path("data")).put("fromTheFuture", 1);
        assertThat(schemas.problems(type.schemaResource(), event.path("data").toString()))
                .isEmpty();
    }

    private static void collectFieldsWithoutDescription(JsonNode schema, String place, List<String> without) {
        for (var property : schema.properties()) {
            String below = place + "/" + property.getKey();
            if (property.getKey().equals("properties") && !isRefinement(place)) {
                for (var field : property.getValue().properties()) {
                    if (field.getValue().path("description").asString("").isBlank()) {
                        without.add(below + "/" + field.getKey());
                    }
                }
            }
            if (!property.getKey().equals("examples")) {
                collectFieldsWithoutDescription(property.getValue(), below, without);
            }
        }
        for (int i = 0; schema.isArray() && i < schema.size(); i++) {
            collectFieldsWithoutDescription(schema.get(i), place + "/" + i, without);
        }
    }

    /// Inside of these, properties only narrow what is described elsewhere.
    private static boolean isRefinement(String place) {
        return place.matches(".*/(if|then|else|oneOf/\\d+|allOf/\\d+)(/.*)?");
    }

    private static void collectOpenObjects(JsonNode schema, String place, List<String> open) {
        boolean isObject = schema.path("type").toString().contains("object") && !isRefinement(place);
        if (isObject && !schema.path("additionalProperties").toString().equals("false")) {
            open.add(place);
        }
        for (var property : schema.properties()) {
            if (!property.getKey().equals("examples")) {
                collectOpenObjects(property.getValue(), place + "/" + property.getKey(), open);
            }
        }
        for (int i = 0; schema.isArray() && i < schema.size(); i++) {
            collectOpenObjects(schema.get(i), place + "/" + i, open);
        }
    }
}
