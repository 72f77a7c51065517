package dev.belay.datastore.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// A comment of a column as CKAN writes it. Up to 2.10 it is the JSON object of `label`, `notes` and
/// `type_override`; from 2.11 on a blank and then an object in which that one is `_info`, beside keys of
/// plugins. What is not ours in it is kept byte for byte.
///
/// @param isNested whether it is of the newer format
/// @param outer    members beside `_info`, as they are written; none in the older format
/// @param info     members of the inner object, as they are written
/// @param original the whole text it was read from; empty for a new one
record CkanComment(boolean isNested, Map<String, String> outer, Map<String, String> info, Optional<String> original) {
    private static final String INFO = "_info";
    private static final String LABEL = "label";
    private static final String NOTES = "notes";
    private static final String TYPE = "type_override";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonFactory FACTORY = new JsonFactory();

    CkanComment {
        outer = new LinkedHashMap<>(outer);
        info = new LinkedHashMap<>(info);
    }

    static CkanComment none(boolean isNested) {
        return new CkanComment(isNested, Map.of(), Map.of(), Optional.empty());
    }

    /// @return empty for what CKAN could not read either
    static Optional<CkanComment> read(String text) {
        boolean isNested = text.startsWith(" ");
        try {
            Map<String, String> members = members(text);
            if (!isNested) {
                return Optional.of(new CkanComment(false, Map.of(), members, Optional.of(text)));
            }
            String info = members.getOrDefault(INFO, "{}");
            Map<String, String> inner = info.equals("null") ? Map.of() : members(info);
            return Optional.of(new CkanComment(true, members, inner, Optional.of(text)));
        } catch (JacksonException | IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    /// The members of an object, each value as it is written.
    private static Map<String, String> members(String text) {
        var members = new LinkedHashMap<String, String>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getCharOffset();
                members.put(name, text.substring(from, to).strip());
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than an object");
            }
        }
        return members;
    }

    /// What people say in it.
    DictionaryWords words() {
        return new DictionaryWords(text(LABEL), text(NOTES), text(TYPE));
    }

    private String text(String member) {
        String value = info.get(member);
        return value == null || !value.startsWith("\"") ? "" : MAPPER.readValue(value, String.class);
    }

    /// The same comment with other words; everything else in it stays.
    CkanComment with(DictionaryWords said) {
        DictionaryWords words = words();
        String type = said.isSameType(words) ? words.type() : said.type();
        if (said.title().equals(words.title())
                && said.description().equals(words.description())
                && type.equals(words.type())) {
            return this;
        }
        var other = new CkanComment(isNested, outer, info, Optional.empty());
        other.put(LABEL, said.title());
        other.put(NOTES, said.description());
        other.put(TYPE, type);
        return other;
    }

    private void put(String member, String value) {
        if (!value.isEmpty() || info.containsKey(member)) {
            info.put(member, MAPPER.writeValueAsString(value));
        }
    }

    /// As it stands beside a column; empty when nothing is said.
    Optional<String> text() {
        if (original.isPresent()) {
            return original;
        }
        if (!isNested) {
            return info.isEmpty() ? Optional.empty() : Optional.of(object(info, ", ", ": "));
        }
        var all = new LinkedHashMap<>(outer);
        if (!info.isEmpty()) {
            all.put(INFO, object(info, ",", ":"));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(" " + object(all, ",", ":"));
    }

    private static String object(Map<String, String> members, String comma, String colon) {
        var text = new StringBuilder("{");
        members.forEach((name, value) -> text.append(text.length() == 1 ? "" : comma)
                .append(MAPPER.writeValueAsString(name))
                .append(colon)
                .append(value));
        return text.append('}').toString();
    }
}
