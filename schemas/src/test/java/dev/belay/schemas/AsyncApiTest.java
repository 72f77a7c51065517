package dev.belay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class AsyncApiTest {
    private final YAMLMapper yaml = new YAMLMapper();
    private final JsonNode document = yaml.readTree(SchemaResources.text(SchemaResources.ASYNC_API));

    @Test
    void itsChannelsAreTheTopics() {
        Topics topics = Topics.withDefaultPrefix();
        Map<String, String> addresses = document.path("channels").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        channel -> channel.getValue().path("address").asString()));

        assertThat(addresses)
                .isEqualTo(Map.of(
                        "jobs", topics.jobs(),
                        "retry", topics.retry(1).replace("retry-1", "retry-{number}"),
                        "deadLetters", topics.deadLetters(),
                        "events", topics.events(),
                        "control", topics.control()));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collectReferences(document, references);

        assertThat(references).hasSizeGreaterThan(40).allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(SchemaResources.text(reference)).isNotBlank();
            }
        });
    }

    @Test
    void everyEventTypeIsAMessageOfTheEventsChannel() {
        List<String> types = document.at("/channels/events/messages").values().stream()
                .map(message -> document.at(message.path("$ref").asString().substring(1)))
                .map(message -> message.path("name").asString())
                .toList();

        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                        .map(EventType::cloudEventType)
                        .toList());
    }

    @Test
    void theHeadersOfRetriesAreTheConstants() {
        JsonNode headers = document.at("/components/schemas/retryHeaders/properties");

        assertThat(headers.propertyNames())
                .containsExactlyInAnyOrder(
                        MessageHeaders.JOB_ID,
                        MessageHeaders.ATTEMPTS,
                        MessageHeaders.NOT_BEFORE,
                        MessageHeaders.ORIGIN_TOPIC,
                        MessageHeaders.ORIGIN_PARTITION,
                        MessageHeaders.ORIGIN_OFFSET,
                        MessageHeaders.ORIGIN_TIMESTAMP);
    }

    private static void collectReferences(JsonNode node, List<String> references) {
        for (var property : node.properties()) {
            if (property.getKey().equals("$ref")) {
                references.add(property.getValue().asString());
            }
        }
        node.values().forEach(child -> collectReferences(child, references));
    }
}
