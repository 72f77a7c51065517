package dev.belay.schemas;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps an event's data within its size: long texts end in an ellipsis, long lists are cut, and each cut list is named
/// in `truncated` with how many elements there are.
final class EventLimits {
    static final int MAX_TEXT_CHARACTERS = 4096;
    static final int MAX_REJECTS = 20;
    static final int MAX_COLUMNS = 1000;
    static final int MAX_LIST = 100;

    private static final String TRUNCATED = "truncated";
    private static final Map<String, Integer> LIST_LIMITS = Map.of("rejects", MAX_REJECTS, "columns", MAX_COLUMNS);

    private final JsonMapper mapper;
    private final int maxBytes;

    EventLimits(JsonMapper mapper, int maxBytes) {
        this.mapper = mapper;
        this.maxBytes = maxBytes;
    }

    /// Trims `data` in place.
    ///
    /// @throws IllegalArgumentException if it is too large with all lists empty, which only a programming error
    /// can do
    void trim(ObjectNode data) {
        clipTexts(data);
        trimLists(data);
        while (mapper.writeValueAsBytes(data).length > maxBytes) {
            List<String> lists = lists(data);
            String longest = lists.stream()
                    .max((a, b) -> Integer.compare(size(data, a), size(data, b)))
                    .filter(name -> !data.path(name).isEmpty())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "event data is larger than " + maxBytes + " bytes and has no list to cut"));
            cut(data, longest, data.path(longest).size() / 2);
        }
    }

    private void trimLists(ObjectNode data) {
        for (String name : lists(data)) {
            cut(data, name, LIST_LIMITS.getOrDefault(name, MAX_LIST));
        }
        if (data.path("dictionary").path("conflicts") instanceof ArrayNode conflicts) {
            int total = conflicts.size();
            while (conflicts.size() > MAX_LIST) {
                conflicts.remove(conflicts.size() - 1);
            }
            note(data, "dictionary.conflicts", conflicts.size(), total);
        }
    }

    private static void cut(ObjectNode data, String name, int keep) {
        if (data.path(name) instanceof ArrayNode list && list.size() > keep) {
            int total = list.size();
            while (list.size() > keep) {
                list.remove(list.size() - 1);
            }
            note(data, name, keep, total);
        }
    }

    /// Notes a cut; where a list is cut a second time, the first total stands.
    private static void note(ObjectNode data, String field, int kept, int total) {
        if (kept == total) {
            return;
        }
        ArrayNode truncated = data.withArray("/" + TRUNCATED);
        for (JsonNode earlier : truncated) {
            if (earlier.path("field").asString().equals(field)) {
                ((ObjectNode) earlier).put("kept", kept);
                return;
            }
        }
        truncated.addObject().put("field", field).put("kept", kept).put("total", total);
    }

    private static List<String> lists(ObjectNode data) {
        return data.properties().stream()
                .filter(field -> field.getValue().isArray() && !field.getKey().equals(TRUNCATED))
                .map(Map.Entry::getKey)
                .toList();
    }

    private int size(ObjectNode data, String name) {
        return mapper.writeValueAsBytes(data.path(name)).length;
    }

    private static void clipTexts(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.path(name);
                if (value.isString()) {
                    object.put(name, Clipped.to(MAX_TEXT_CHARACTERS, value.stringValue()));
                } else {
                    clipTexts(value);
                }
            }
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode value = list.path(i);
                if (value.isString()) {
                    list.set(i, Clipped.to(MAX_TEXT_CHARACTERS, value.stringValue()));
                } else {
                    clipTexts(value);
                }
            }
        }
    }
}
