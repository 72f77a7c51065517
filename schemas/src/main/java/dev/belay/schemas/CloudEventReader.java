package dev.belay.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds the job message in a Kafka record: a CloudEvent in binary or structured mode, or bare JSON. Source:
/// CloudEvents 1.0.2, Kafka protocol binding and JSON event format.
final class CloudEventReader {
    /// A job message's tree and where it stands in the record's value.
    record Located(JsonNode tree, String pointer) {}

    private static final String STRUCTURED_ANY = "application/cloudevents";

    private final StrictJson json;

    CloudEventReader(StrictJson json) {
        this.json = json;
    }

    Parsed<Located> open(Map<String, String> headers, byte[] value) {
        String contentType = mediaType(headers.get(MessageHeaders.CONTENT_TYPE));
        if (contentType.startsWith(STRUCTURED_ANY) && !contentType.equals(MessageHeaders.STRUCTURED)) {
            return broken(
                    "",
                    "content-type " + Clipped.value(contentType) + " is not supported, only "
                            + MessageHeaders.STRUCTURED);
        }
        String version = headers.get(MessageHeaders.CLOUD_EVENT + "specversion");
        boolean structured = contentType.equals(MessageHeaders.STRUCTURED);
        if (!structured && version != null) {
            Problem problem = attributes(version, headers.get(MessageHeaders.CLOUD_EVENT + "type"), contentType);
            if (problem != null) {
                return broken(problem.pointer(), "in the headers: " + problem.message());
            }
        }
        return switch (json.parse(value)) {
            case Parsed.Invalid<JsonNode> invalid -> Parsed.invalid(invalid.problems());
            case Parsed.Valid<JsonNode> valid -> {
                JsonNode tree = valid.message();
                boolean saysSo = version == null && tree.has("specversion");
                yield structured || saysSo ? structured(tree) : new Parsed.Valid<>(new Located(tree, ""));
            }
        };
    }

    private Parsed<Located> structured(JsonNode event) {
        String dataType = event.path("datacontenttype").stringValue("");
        Problem problem = attributes(
                event.path("specversion").stringValue(""), event.path("type").stringValue(""), mediaType(dataType));
        if (problem != null) {
            return Parsed.invalid(List.of(problem));
        }
        if (event.has("data_base64")) {
            return decoded(event.path("data_base64").stringValue(""));
        }
        JsonNode data = event.get("data");
        return data == null
                ? broken("/data", "is required: the CloudEvent carries no job message")
                : new Parsed.Valid<>(new Located(data, "/data"));
    }

    private Parsed<Located> decoded(String base64) {
        byte[] data;
        try {
            data = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return broken("/data_base64", "is not base64: " + Clipped.value(String.valueOf(e.getMessage())));
        }
        return switch (json.parse(data)) {
            case Parsed.Invalid<JsonNode> invalid -> Parsed.invalid(invalid.problems());
            case Parsed.Valid<JsonNode> valid -> new Parsed.Valid<>(new Located(valid.message(), "/data_base64"));
        };
    }

    private static @Nullable Problem attributes(String version, @Nullable String type, String dataType) {
        if (!version.equals("1.0")) {
            return new Problem("/specversion", "must be \"1.0\", not \"" + Clipped.value(version) + "\"");
        }
        if (!JobMessage.CLOUD_EVENT_TYPE.equals(type)) {
            return new Problem(
                    "/type",
                    "must be \"" + JobMessage.CLOUD_EVENT_TYPE + "\", not \"" + Clipped.value(String.valueOf(type))
                            + "\"");
        }
        boolean isJson = dataType.isEmpty() || dataType.equals(MessageHeaders.JSON) || dataType.endsWith("+json");
        return isJson
                ? null
                : new Problem(
                        "/datacontenttype",
                        "must be \"" + MessageHeaders.JSON + "\", not \"" + Clipped.value(dataType) + "\"");
    }

    /// The media type without its parameters, in lower case; empty for none.
    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int parameters = contentType.indexOf(';');
        String bare = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return bare.strip().toLowerCase(Locale.ROOT);
    }

    private static Parsed<Located> broken(String pointer, String message) {
        return Parsed.invalid(List.of(new Problem(pointer, message)));
    }
}
