package dev.belay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordsMatchSchemasTest {
    private final JsonMapper mapper = new JsonMapper();

    @Test
    void everyComponentOfTheJobIsNamedInItsSchemaAndTheOtherWayRound() {
        JsonNode job = schema(SchemaResources.JOB);

        assertThat(properties(job)).isEqualTo(components(JobMessage.class));
        assertThat(properties(job.at("/properties/source")))
                .isEqualTo(union(JobMessage.Source.Url.class, JobMessage.Source.Version.class));
        assertThat(properties(job.at("/properties/retry"))).isEqualTo(components(JobMessage.Retry.class));
        assertThat(properties(job.at("/properties/read"))).isEqualTo(components(JobMessage.Read.class));
        assertThat(properties(job.at("/properties/rules"))).isEqualTo(components(JobMessage.Rules.class));
        assertThat(properties(schema(SchemaResources.CONTROL))).isEqualTo(components(ControlMessage.class));
    }

    @Test
    void everyComponentOfAnEventIsNamedInItsSchemaAndTheOtherWayRound() {
        for (EventType type : EventType.values()) {
            String resource = type.terminal() ? SchemaResources.RECEIPT : type.schemaResource();
            assertThat(properties(schema(resource))).as(resource).isEqualTo(components(EventCodec.dataClass(type)));
        }
    }

    @Test
    void everyComponentOfASharedPartIsNamedInItsSchemaAndTheOtherWayRound() {
        Map<String, Class<?>> parts = Map.ofEntries(
                Map.entry("failure", Failure.class),
                Map.entry("place", Failure.Place.class),
                Map.entry("compensation", EventData.Compensation.class),
                Map.entry("stillServed", EventData.StillServed.class),
                Map.entry("source", EventData.SourceSummary.class),
                Map.entry("origin", Origin.class),
                Map.entry("truncation", EventData.Truncation.class),
                Map.entry("column", Receipt.Column.class),
                Map.entry("reject", Receipt.Reject.class),
                Map.entry("duplicate", Receipt.Duplicate.class),
                Map.entry("dictionaryMerge", Receipt.DictionaryMerge.class),
                Map.entry("screened", Receipt.Screened.class),
                Map.entry("sample", Receipt.Screened.Sample.class));
        JsonNode defs = schema(SchemaResources.COMMON).path("$defs");

        assertThat(Set.copyOf(defs.propertyNames())).isEqualTo(parts.keySet());
        parts.forEach(
                (name, part) -> assertThat(properties(defs.path(name))).as(name).isEqualTo(components(part)));
    }

    @Test
    void deadLetterAndDictionaryMatchTheirSchemas() {
        JsonNode letter = schema(SchemaResources.DEAD_LETTER);
        JsonNode dictionary = schema(SchemaResources.DICTIONARY);

        assertThat(properties(letter)).isEqualTo(components(DeadLetter.class));
        assertThat(properties(letter.at("/properties/reason"))).isEqualTo(components(DeadLetter.Reason.class));
        assertThat(properties(letter.at("/properties/headers/items"))).isEqualTo(components(DeadLetter.Header.class));
        assertThat(properties(dictionary)).isEqualTo(components(DictionaryDocument.class));
        assertThat(properties(dictionary.at("/properties/fields/items")))
                .isEqualTo(components(DictionaryDocument.Field.class));
    }

    @Test
    void everyWordOfAnEnumIsInItsSchemaAndTheOtherWayRound() {
        JsonNode job = schema(SchemaResources.JOB).path("properties");
        JsonNode common = schema(SchemaResources.COMMON).path("$defs");

        assertThat(words(job.path("mode"))).isEqualTo(wires(Mode.values()));
        assertThat(words(job.path("publish"))).isEqualTo(wires(PublishStrategy.values()));
        assertThat(words(job.at("/retry/properties/on"))).isEqualTo(wires(JobMessage.Retry.On.values()));
        assertThat(words(job.at("/read/properties/format"))).isEqualTo(wires(JobMessage.Read.Format.values()));
        assertThat(words(job.at("/rules/properties/screen"))).isEqualTo(wires(JobMessage.Rules.Screen.values()));
        JsonNode dedupe = job.at("/rules/properties/dedupe/anyOf/1/properties");
        assertThat(words(dedupe.path("keep"))).isEqualTo(wires(JobMessage.Rules.Dedupe.Keep.values()));
        assertThat(words(schema(SchemaResources.RECEIPT).at("/properties/outcome")))
                .isEqualTo(wires(Outcome.values()));
        assertThat(words(common.at("/failure/properties/kind"))).isEqualTo(wires(Failure.Kind.values()));
        assertThat(words(common.at("/compensation/properties/result")))
                .isEqualTo(wires(EventData.Compensation.Result.values()));
        assertThat(words(schema(EventType.JOB_STAGE.schemaResource()).at("/properties/state")))
                .isEqualTo(wires(EventData.Stage.State.values()));
        assertThat(words(schema(EventType.JOB_PROGRESS.schemaResource()).at("/properties/unit")))
                .isEqualTo(wires(EventData.Progress.Unit.values()));
        assertThat(words(schema(EventType.JOB_RECOVERED.schemaResource()).at("/properties/action")))
                .isEqualTo(wires(EventData.Recovered.Action.values()));
        assertThat(words(schema(EventType.DATASET_PUBLISHED.schemaResource()).at("/properties/kind")))
                .isEqualTo(wires(EventData.Published.Kind.values()));
        assertThat(words(schema(SchemaResources.CONTROL).at("/properties/command")))
                .isEqualTo(wires(ControlMessage.Command.values()));
    }

    @Test
    void defaultsInTheSchemaAreThoseOfTheRecords() {
        JsonNode job = schema(SchemaResources.JOB).path("properties");

        assertThat(job.at("/mode/default").asString()).isEqualTo("replace");
        assertThat(job.at("/rules/properties/maxRejectedRatio/default").doubleValue())
                .isEqualTo(JobMessage.Rules.DEFAULT.maxRejectedRatio());
        assertThat(job.at("/retry/properties/on/default").asString())
                .isEqualTo(JobMessage.Retry.DEFAULT.on().wire());
    }

    private JsonNode schema(String resource) {
        return mapper.readTree(SchemaResources.text(resource));
    }

    private static Set<String> properties(JsonNode schema) {
        return new TreeSet<>(schema.path("properties").propertyNames());
    }

    private static Set<String> union(Class<?>... records) {
        return Arrays.stream(records)
                .flatMap(record -> components(record).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> components(Class<?> record) {
        return Stream.of(record.getRecordComponents())
                .filter(component -> !component.getAccessor().isAnnotationPresent(JsonIgnore.class))
                .map(RecordsMatchSchemasTest::jsonName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String jsonName(RecordComponent component) {
        JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
        return renamed == null ? component.getName() : renamed.value();
    }

    private static Set<String> words(JsonNode schema) {
        return schema.path("enum").values().stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .collect(Collectors.toSet());
    }

    private static Set<String> wires(WireName[] constants) {
        return List.of(constants).stream().map(WireName::wire).collect(Collectors.toSet());
    }
}
