package dev.belay.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads JSON that somebody else wrote: UTF-8 only, within limits, no key twice, nothing after the end, no text that
/// is not text.
final class StrictJson {
    /// The longest message that is looked at.
    static final int MAX_BYTES = 256 * 1024;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_STRING = 64 * 1024;
    private static final int MAX_NAME = 1000;
    private static final int MAX_NUMBER = 100;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_BYTES)
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING)
                            .maxNameLength(MAX_NAME)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    Parsed<JsonNode> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return broken("", "the message has " + bytes.length + " bytes, at most " + MAX_BYTES + " are read");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return broken("", "the message is not UTF-8: " + e.getMessage());
        }
        return parse(text);
    }

    private Parsed<JsonNode> parse(String text) {
        try (JsonParser parser = mapper.createParser(text)) {
            try {
                JsonNode tree = mapper.readTree(parser);
                if (tree.isMissingNode()) {
                    return broken("", "the message is empty, a JSON object is expected");
                }
                if (parser.nextToken() != null) {
                    return broken("", "there is something after the end of the JSON, " + place(parser));
                }
                List<Problem> problems = new ArrayList<>();
                findBadText(tree, "", problems);
                return problems.isEmpty() ? new Parsed.Valid<>(tree) : Parsed.invalid(problems);
            } catch (JacksonException e) {
                String pointer = parser.streamReadContext().pathAsPointer().toString();
                return broken(pointer, Clipped.to(300, "not proper JSON, " + place(parser) + ": " + firstLine(e)));
            }
        }
    }

    /// Lone surrogates and NUL can be written with escapes, but neither UTF-8 nor most stores can hold them.
    private static void findBadText(JsonNode node, String pointer, List<Problem> problems) {
        if (node.isString() && isBad(node.stringValue())) {
            problems.add(new Problem(pointer, "the text holds a lone surrogate or a NUL character"));
        }
        for (var field : node.properties()) {
            if (isBad(field.getKey())) {
                problems.add(new Problem(pointer, "a field name holds a lone surrogate or a NUL character"));
            } else {
                findBadText(field.getValue(), JsonFields.below(pointer, field.getKey()), problems);
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            findBadText(node.get(i), pointer + "/" + i, problems);
        }
    }

    private static boolean isBad(String text) {
        return text.indexOf('\0') >= 0
                || text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static String place(JsonParser parser) {
        var location = parser.currentLocation();
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String firstLine(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }

    private static Parsed<JsonNode> broken(String pointer, String message) {
        return Parsed.invalid(List.of(new Problem(pointer, message)));
    }
}
