package dev.belay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/events.md` says what the code does.
class EventsDocumentTest {
    private final JsonMapper mapper = new JsonMapper();
    private final String document = RepositoryFile.text("docs/events.md");

    @Test
    void theTableOfEventsIsTheEnum() {
        List<String> expected = new ArrayList<>();
        for (EventType type : EventType.values()) {
            expected.add("| `" + type.cloudEventType() + "` | " + (type.terminal() ? "yes" : "no") + " | "
                    + schema(type.schemaResource()).path("description").asString() + " |");
        }

        assertThat(document.lines().filter(line -> line.startsWith("| `dev.belay.")))
                .containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventHasASectionWithItsExample(EventType type) {
        var section = Pattern.compile(
                        "### " + Pattern.quote(type.cloudEventType()) + "\n.*?```json\n(.*?)```", Pattern.DOTALL)
                .matcher(document);

        assertThat(section.find()).isTrue();
        assertThat(mapper.readTree(section.group(1)))
                .isEqualTo(schema(type.exampleResource()).path("data"));
    }

    @Test
    void theTableOfTheJobMessageIsItsSchema() {
        List<String> expected = new ArrayList<>();
        collectRows(schema(SchemaResources.JOB), "", expected);

        assertThat(document).contains(String.join("\n", expected));
    }

    @Test
    void topicsHeadersAndLimitsAreThoseOfTheCode() {
        Topics topics = Topics.withDefaultPrefix();

        assertThat(document)
                .contains("| `" + topics.jobs() + "` |")
                .contains("| `" + topics.retry(1).replace("-1", "-<n>") + "` |")
                .contains("| `" + topics.deadLetters() + "` |")
                .contains("| `" + topics.events() + "` |")
                .contains("| `" + topics.control() + "` |")
                .contains(JobMessage.CLOUD_EVENT_TYPE)
                .contains("`" + MessageHeaders.JOB_ID + "`")
                .contains("`" + MessageHeaders.ATTEMPTS + "`")
                .contains("`" + MessageHeaders.NOT_BEFORE + "`")
                .contains("`" + MessageHeaders.ORIGIN_TOPIC + "`")
                .contains("`" + MessageHeaders.ORIGIN_PARTITION + "`")
                .contains("`" + MessageHeaders.ORIGIN_OFFSET + "`")
                .contains("`" + MessageHeaders.ORIGIN_TIMESTAMP + "`")
                .contains(String.format(Locale.ROOT, "read has %,d bytes", MessageCodec.MAX_MESSAGE_BYTES))
                .contains(String.format(Locale.ROOT, "at most %,d bytes", EventCodec.MAX_DATA_BYTES))
                .contains(String.format(Locale.ROOT, "at most %,d characters", EventLimits.MAX_TEXT_CHARACTERS))
                .contains(String.format(Locale.ROOT, "longer than %,d bytes", DeadLetter.MAX_VALUE_BYTES));
    }

    private static void collectRows(JsonNode schema, String prefix, List<String> rows) {
        for (var field : schema.path("properties").properties()) {
            JsonNode property = field.getValue();
            boolean required = schema.path("required").toString().contains("\"" + field.getKey() + "\"");
            String standard =
                    required ? "required" : "`" + property.path("default").asString("null") + "`";
            if (!required && property.has("default")) {
                standard = "`" + property.path("default") + "`";
            } else if (!required && property.has("properties")) {
                standard = "";
            }
            rows.add("| `" + prefix + field.getKey() + "` | " + standard + " | "
                    + property.path("description").asString() + " |");
            collectRows(property, prefix + field.getKey() + ".", rows);
        }
    }

    private JsonNode schema(String resource) {
        return mapper.readTree(SchemaResources.text(resource));
    }
}
