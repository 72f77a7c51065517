package dev.belay.cli;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON for `--json` and from the stores.
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// What a store of ours keeps as JSON; what cannot be read is shown as the text it is.
    static JsonNode read(String stored) {
        try {
            return JsonMapper.shared().readTree(stored);
        } catch (JacksonException damaged) {
            return JsonNodeFactory.instance.stringNode(stored);
        }
    }

    /// As ISO 8601, or null.
    static @Nullable String time(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    /// A text of the tree, or what stands for it.
    static String text(JsonNode node, String absent) {
        return node.isMissingNode() || node.isNull() ? absent : node.asString();
    }
}
