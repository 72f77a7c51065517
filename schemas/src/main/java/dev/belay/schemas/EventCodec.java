package dev.belay.schemas;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes Belay's events as CloudEvents 1.0, in structured or binary mode, and reads both back. What is written is
/// always within [#MAX_DATA_BYTES]. Safe for use by many threads.
public final class EventCodec {
    /// The largest `data` of an event, in bytes of JSON.
    public static final int MAX_DATA_BYTES = 256 * 1024;

    private final JsonMapper mapper = Wire.mapper();
    private final EventLimits limits = new EventLimits(mapper, MAX_DATA_BYTES);

    /// The event as structured JSON; its header is `content-type:` [MessageHeaders#STRUCTURED].
    public byte[] write(Event event) {
        ObjectNode node = mapper.createObjectNode();
        attributes(event).forEach(node::put);
        node.set("data", tree(event.data()));
        return mapper.writeValueAsBytes(node);
    }

    /// The headers of the event in binary mode.
    public Map<String, String> binaryHeaders(Event event) {
        Map<String, String> headers = new LinkedHashMap<>();
        attributes(event).forEach((name, value) -> {
            if (name.equals("datacontenttype")) {
                headers.put(MessageHeaders.CONTENT_TYPE, value);
            } else {
                headers.put(MessageHeaders.CLOUD_EVENT + name, value);
            }
        });
        return headers;
    }

    /// The value of the event in binary mode: its data alone. Also what `--json` prints.
    public byte[] writeData(EventData data) {
        return mapper.writeValueAsBytes(tree(data));
    }

    /// Reads a structured event.
    ///
    /// @return empty for a type that this version does not know
    /// @throws MessageFormatException if it is no CloudEvent 1.0, or its data are not as its type says
    public Optional<Event> read(byte[] value) {
        return read(Map.of(), value);
    }

    /// Reads an event from a Kafka record in either mode.
    ///
    /// @param headers the record's headers as text, names in lower case
    /// @throws MessageFormatException as [#read(byte[])]
    public Optional<Event> read(Map<String, String> headers, byte[] value) {
        try {
            JsonNode tree = mapper.readTree(value);
            if (!headers.containsKey(MessageHeaders.CLOUD_EVENT + "specversion")) {
                return event(tree, tree.path("data"));
            }
            ObjectNode attributes = mapper.createObjectNode();
            headers.forEach((name, text) -> {
                if (name.startsWith(MessageHeaders.CLOUD_EVENT)) {
                    attributes.put(name.substring(MessageHeaders.CLOUD_EVENT.length()), text);
                }
            });
            return event(attributes, tree);
        } catch (JacksonException e) {
            throw new MessageFormatException("not an event of Belay: " + Clipped.to(300, e.getOriginalMessage()), e);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new MessageFormatException("not an event of Belay: " + Clipped.to(300, "" + e.getMessage()), e);
        }
    }

    private Optional<Event> event(JsonNode attributes, JsonNode data) {
        if (!attributes.path("specversion").stringValue("").equals("1.0")) {
            throw new MessageFormatException("not a CloudEvent 1.0: there is no specversion \"1.0\"");
        }
        Optional<EventType> type = EventType.of(required(attributes, "type"));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (!data.isObject()) {
            throw new MessageFormatException("the event has no data");
        }
        return Optional.of(new Event(
                UUID.fromString(required(attributes, "id")),
                required(attributes, "source"),
                attributes.path("subject").stringValue(null),
                Instant.parse(required(attributes, "time")),
                data(type.get(), data)));
    }

    /// The record of the data, which must be of the event's type.
    private EventData data(EventType type, JsonNode data) {
        EventData read = mapper.treeToValue(data, dataClass(type));
        if (read.type() != type) {
            throw new MessageFormatException("the event is a " + type.cloudEventType() + ", its data are those of a "
                    + read.type().cloudEventType());
        }
        return read;
    }

    static Class<? extends EventData> dataClass(EventType type) {
        return switch (type) {
            case JOB_ACCEPTED -> EventData.Accepted.class;
            case JOB_STAGE -> EventData.Stage.class;
            case JOB_PROGRESS -> EventData.Progress.class;
            case JOB_ROLLED_BACK -> EventData.RolledBack.class;
            case JOB_REVIEW_REQUESTED -> EventData.ReviewRequested.class;
            case JOB_RECOVERED -> EventData.Recovered.class;
            case JOB_COMPLETED, JOB_SKIPPED, JOB_FAILED, JOB_CANCELLED, JOB_SUPERSEDED -> Receipt.class;
            case DATASET_PUBLISHED -> EventData.Published.class;
            case DATASET_DROPPED -> EventData.Dropped.class;
            case DICTIONARY_STASHED -> EventData.Stashed.class;
            case DICTIONARY_RESTORED -> EventData.Restored.class;
        };
    }

    private ObjectNode tree(EventData data) {
        ObjectNode tree = mapper.valueToTree(data);
        limits.trim(tree);
        return tree;
    }

    private static Map<String, String> attributes(Event event) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", "1.0");
        attributes.put("id", event.id().toString());
        attributes.put("source", event.source());
        attributes.put("type", event.type().cloudEventType());
        putIfKnown(attributes, "subject", event.subject());
        attributes.put("time", event.time().toString());
        attributes.put("datacontenttype", MessageHeaders.JSON);
        attributes.put("dataschema", event.type().dataSchema());
        putIfKnown(attributes, "partitionkey", event.data().dataset());
        return attributes;
    }

    private static void putIfKnown(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }

    private static String required(JsonNode attributes, String name) {
        String value = attributes.path(name).stringValue("");
        if (value.isEmpty()) {
            throw new MessageFormatException("the event has no " + name);
        }
        return value;
    }
}
