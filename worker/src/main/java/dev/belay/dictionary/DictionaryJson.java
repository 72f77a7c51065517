package dev.belay.dictionary;

import dev.belay.job.Excerpt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as this room reads and writes it: no digit of a number is lost, a name given twice is an error, nothing may
/// follow the value.
final class DictionaryJson {
    /// The longest string that is read, in characters: a whole dictionary stands in the envelope as one string.
    private static final int LONGEST_STRING = 64 * 1024 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private DictionaryJson() {}

    /// Says why a text is not one JSON value, fit to be shown.
    static final class NotJson extends Exception {
        NotJson(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /// @throws NotJson when it is not exactly one JSON value whose numbers can be kept
    static JsonNode read(String text) throws NotJson {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException broken) {
            throw new NotJson(reason(broken), broken);
        } catch (NumberFormatException beyond) {
            // Jackson 3.2 lets this one through for exponents beyond what a BigDecimal can hold.
            throw new NotJson("holds a number that cannot be kept: its exponent is too large", beyond);
        }
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    private static String reason(JacksonException broken) {
        var at = broken.getLocation();
        String what = "is not JSON: " + Excerpt.of(broken.getOriginalMessage());
        return at == null ? what : what + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
