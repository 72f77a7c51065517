package dev.belay.intake;

import dev.belay.schemas.MessageHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Lays out events as records of the events topic, in the mode that the settings ask for.
final class EventRecords {
    private static final String CONTENT_TYPE_ATTRIBUTE = "datacontenttype";
    private static final String DATA = "data";

    private final JsonMapper mapper = JsonMapper.shared();
    private final String topic;
    private final EventFormat format;

    EventRecords(IntakeSettings settings) {
        topic = settings.topics().events();
        format = settings.emission().format();
    }

    /// @param structured the whole event as structured CloudEvents JSON
    Outgoing of(String dataset, byte[] structured) {
        return new Outgoing(record(dataset, structured), Optional.of(record(dataset, pointer(structured))));
    }

    /// The record alone: for what may be left out where it is too large.
    ProducerRecord<byte[], byte[]> record(String dataset, byte[] structured) {
        byte[] key = dataset.getBytes(StandardCharsets.UTF_8);
        return switch (format) {
            case STRUCTURED -> {
                var headers = new RecordHeaders();
                add(headers, MessageHeaders.CONTENT_TYPE, MessageHeaders.STRUCTURED);
                yield new ProducerRecord<>(topic, null, null, key, structured, headers);
            }
            case BINARY -> {
                JsonNode event = mapper.readTree(structured);
                yield new ProducerRecord<>(
                        topic, null, null, key, mapper.writeValueAsBytes(event.path(DATA)), attributes(event));
            }
        };
    }

    private static Headers attributes(JsonNode event) {
        var headers = new RecordHeaders();
        event.properties().forEach(attribute -> {
            String name = attribute.getKey();
            if (name.equals(CONTENT_TYPE_ATTRIBUTE)) {
                add(headers, MessageHeaders.CONTENT_TYPE, attribute.getValue().asString());
            } else if (!name.equals(DATA)) {
                add(
                        headers,
                        MessageHeaders.CLOUD_EVENT + name,
                        attribute.getValue().asString());
            }
        });
        return headers;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The event without its lists, for a topic that takes no larger one: the whole report is in the journal. What
    /// is left out is named in `truncated`, as everywhere.
    private byte[] pointer(byte[] structured) {
        if (!(mapper.readTree(structured) instanceof ObjectNode event)
                || !(event.path(DATA) instanceof ObjectNode data)) {
            return structured;
        }
        var truncated = mapper.createArrayNode();
        for (String name : List.copyOf(data.propertyNames())) {
            if (data.path(name) instanceof ArrayNode list && !list.isEmpty()) {
                truncated.addObject().put("field", name).put("kept", 0).put("total", list.size());
                list.removeAll();
            }
        }
        data.set("truncated", truncated);
        return mapper.writeValueAsBytes(event);
    }
}
