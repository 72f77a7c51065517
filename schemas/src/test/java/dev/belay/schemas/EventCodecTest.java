package dev.belay.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    private final JsonMapper mapper = new JsonMapper();
    private final EventCodec codec = new EventCodec();
    private final SchemaCheck schemas = new SchemaCheck();

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventIsReadAndWrittenAgainWithoutLoss(EventType type) {
        JsonNode example = mapper.readTree(SchemaResources.text(type.exampleResource()));

        Event event = codec.read(example.toString().getBytes(UTF_8)).orElseThrow();
        byte[] written = codec.write(event);

        assertThat(event.type()).isEqualTo(type);
        assertThat(mapper.readTree(written)).isEqualTo(example);
        assertThat(schemas.problems(type.schemaResource(), new String(codec.writeData(event.data()), UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventIsReadBackInBinaryMode(EventType type) {
        Event event = example(type);

        Map<String, String> headers = codec.binaryHeaders(event);

        assertThat(headers).containsEntry("content-type", "application/json").containsEntry("ce_specversion", "1.0");
        assertThat(codec.read(headers, codec.writeData(event.data()))).contains(event);
    }

    @Test
    void recordsOfASourceWithoutLinesStandOnLineZero() {
        ObjectNode receipt = (ObjectNode) mapper.readTree(SchemaResources.text("examples/job.completed.json"))
                .path("data");
        ((ObjectNode) receipt.at("/rejects/0")).put("line", 0);
        ((ObjectNode) receipt.at("/duplicates/0")).put("line", 0).put("keptLine", 0);
        ((ObjectNode) receipt.at("/screened/0/samples/0")).put("line", 0);

        assertThat(schemas.problems(EventType.JOB_COMPLETED.schemaResource(), receipt.toString()))
                .isEmpty();
    }

    @Test
    void aTypeFromALaterVersionIsPassedOver() {
        ObjectNode event = (ObjectNode) mapper.readTree(SchemaResources.text("examples/job.stage.json"));
        event.put("type", "dev.belay.job.dreamt");

        assertThat(codec.read(event.toString().getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aFieldFromALaterVersionIsIgnoredAndAMissingListIsEmpty() {
        ObjectNode event = (ObjectNode) mapper.readTree(SchemaResources.text("examples/job.completed.json"));
        ((ObjectNode) event.path("data")).put("fromTheFuture", true).remove("warnings");

        Receipt receipt = (Receipt)
                codec.read(event.toString().getBytes(UTF_8)).orElseThrow().data();

        assertThat(receipt.warnings()).isEmpty();
        assertThat(receipt.version()).isEqualTo(2);
    }

    @Test
    void bytesThatAreNoEventAreRefusedWithOneSentence() {
        for (String bytes : List.of(
                "",
                "{",
                "{}",
                "[]",
                "{\"specversion\":\"1.0\"}",
                "{\"specversion\":\"1.0\",\"type\":"
                        + "\"dev.belay.job.stage\",\"id\":\"x\",\"source\":\"/b\",\"time\":\"t\",\"data\":{}}")) {
            assertThatThrownBy(() -> codec.read(bytes.getBytes(UTF_8)))
                    .as(bytes)
                    .isInstanceOf(MessageFormatException.class);
        }
        byte[] mismatch = SchemaResources.text("examples/job.failed.json")
                .replace("\"dev.belay.job.failed\"", "\"dev.belay.job.completed\"")
                .getBytes(UTF_8);
        assertThatThrownBy(() -> codec.read(mismatch))
                .hasMessageContaining("dev.belay.job.completed")
                .hasMessageContaining("dev.belay.job.failed");
    }

    @Test
    void aWideTableAndLongMessagesStayWithinTheLimitAndSaySo() {
        List<Receipt.Column> columns = IntStream.range(0, 2000)
                .mapToObj(i -> new Receipt.Column("column_" + i, "text", "título ".repeat(100) + i))
                .toList();
        Receipt receipt = receipt(columns, Collections.nCopies(300, "w".repeat(10_000)));

        byte[] data = codec.writeData(receipt);

        assertThat(data.length).isLessThanOrEqualTo(EventCodec.MAX_DATA_BYTES);
        assertThat(schemas.problems(EventType.JOB_COMPLETED.schemaResource(), new String(data, UTF_8)))
                .isEmpty();
        JsonNode tree = mapper.readTree(data);
        assertThat(tree.path("truncated")).anySatisfy(cut -> {
            assertThat(cut.path("field").asString()).isEqualTo("columns");
            assertThat(cut.path("kept").asInt()).isEqualTo(tree.path("columns").size());
            assertThat(cut.path("total").asInt()).isEqualTo(2000);
        });
        assertThat(tree.path("columns").size()).isGreaterThan(50);
        assertThat(tree.path("warnings").get(0).asString()).endsWith("…").hasSize(EventLimits.MAX_TEXT_CHARACTERS);
    }

    @Test
    void anEventWithinTheLimitsIsNotTouched() {
        Receipt receipt = receipt(List.of(new Receipt.Column("a", "text", null)), List.of("w"));

        assertThat(mapper.readTree(codec.writeData(receipt)).path("truncated").isEmpty())
                .isTrue();
    }

    @Test
    void aReceiptHasAFailureIfAndOnlyIfItFailed() {
        Receipt failed = (Receipt) example(EventType.JOB_FAILED).data();

        assertThat(failed.failure()).isNotNull();
        byte[] without = SchemaResources.text("examples/job.completed.json")
                .replace("\"outcome\": \"completed\"", "\"outcome\": \"failed\"")
                .getBytes(UTF_8);
        assertThatThrownBy(() -> codec.read(without)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void idsOfEventsFollowFromWhatHappened() {
        assertThat(EventId.of("job-1", EventType.JOB_COMPLETED))
                .isEqualTo(EventId.of("job-1", EventType.JOB_COMPLETED));
        assertThat(EventId.of("job-1", EventType.JOB_COMPLETED))
                .isNotEqualTo(EventId.of("job-1", EventType.JOB_FAILED));
        assertThat(EventId.of("job-1", EventType.JOB_STAGE, "fetch/started"))
                .isNotEqualTo(EventId.of("job-1", EventType.JOB_STAGE, "fetch/done"));
        Event completed = example(EventType.JOB_COMPLETED);
        assertThat(EventId.of("01JD5Z8Q4T0K7V2M9XN3RB6WCE", EventType.JOB_COMPLETED))
                .isEqualTo(completed.id());
    }

    @Test
    void uuidsOfVersion5AreThoseOfTheStandard() {
        UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

        assertThat(UuidVersion5.of(dns, "www.example.com"))
                .isEqualTo(UUID.fromString("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
    }

    private Event example(EventType type) {
        return codec.read(SchemaResources.text(type.exampleResource()).getBytes(UTF_8))
                .orElseThrow();
    }

    private static Receipt receipt(List<Receipt.Column> columns, List<String> warnings) {
        return new Receipt(
                "job-1",
                "d",
                Outcome.COMPLETED,
                null,
                1L,
                5,
                0,
                0,
                null,
                columns,
                warnings,
                List.of(),
                List.of(),
                List.of(),
                "op",
                1,
                null,
                Mode.REPLACE,
                "c",
                null,
                null,
                null,
                null,
                null,
                Map.of("fetch", 1L),
                NOW,
                NOW,
                List.of());
    }
}
