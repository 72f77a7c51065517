package dev.belay.runtime.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads `belay.yaml` into dotted keys with their lines. Scalars stay the text that was written.
///
/// The YAML library is loaded with this class, so this class must be touched only when there is a file.
final class YamlSettings {
    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 12;

    private final Path file;
    private final Problems problems;
    private final Map<String, Written> values = new LinkedHashMap<>();

    private YamlSettings(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /// What the file says; what is wrong with it goes to `problems`, without its values.
    static Map<String, Written> read(Path file, Problems problems) {
        var yaml = new YamlSettings(file, problems);
        try {
            if (Files.size(file) > LARGEST) {
                problems.add("%s is larger than %s".formatted(file, SizeText.format(LARGEST)));
                return Map.of();
            }
            yaml.document(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            problems.add("%s cannot be read: %s"
                    .formatted(file, unreadable.getClass().getSimpleName()));
        } catch (JacksonException malformed) {
            // Its message quotes the text around the place, where a password may stand.
            var place = malformed.getLocation();
            problems.add(
                    place == null || place.getLineNr() < 1
                            ? "%s is not valid YAML".formatted(file)
                            : "%s:%d: this is not valid YAML".formatted(file, place.getLineNr()));
        }
        return yaml.values;
    }

    private void document(byte[] content) {
        try (var parser = (YAMLParser) new YAMLFactory().createParser(ObjectReadContext.empty(), content)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return;
            }
            if (first != JsonToken.START_OBJECT) {
                problem(parser, "settings are written as key: value");
                return;
            }
            group(parser, "", 1);
            if (parser.nextToken() != null) {
                problem(parser, "only one YAML document is read");
            }
        }
    }

    private void group(YAMLParser parser, String prefix, int depth) {
        if (depth > DEEPEST) {
            problem(parser, "groups are nested deeper than " + DEEPEST);
            parser.skipChildren();
            return;
        }
        for (JsonToken name = parser.nextToken(); name == JsonToken.PROPERTY_NAME; name = parser.nextToken()) {
            String key = prefix + parser.currentName();
            int line = parser.currentTokenLocation().getLineNr();
            JsonToken token = parser.nextToken();
            if (parser.isCurrentAlias()) {
                problem(parser, "aliases (*name) are not read; write the value");
            } else if (token == JsonToken.START_OBJECT) {
                group(parser, key + ".", depth + 1);
            } else if (token == JsonToken.START_ARRAY) {
                put(key, list(parser), line);
            } else if (token == JsonToken.VALUE_NULL) {
                nothing(parser, key);
            } else {
                put(key, new Written(List.of(parser.getString()), false, new Origin.ConfigFile(file, line)), line);
            }
        }
    }

    private @Nullable Written list(YAMLParser parser) {
        int line = parser.currentTokenLocation().getLineNr();
        var items = new ArrayList<String>();
        boolean flat = true;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                return null;
            }
            flat &= token.isScalarValue() && token != JsonToken.VALUE_NULL && !parser.isCurrentAlias();
            if (token.isStructStart()) {
                parser.skipChildren();
            } else if (flat) {
                items.add(parser.getString());
            }
        }
        if (!flat) {
            problems.add("%s:%d: the items of a list must be plain values".formatted(file, line));
            return null;
        }
        return new Written(items, true, new Origin.ConfigFile(file, line));
    }

    /// A group whose settings are all commented out is fine, a setting without a value is not.
    private void nothing(YAMLParser parser, String key) {
        if (!KnownKeys.isGroup(key)) {
            problem(parser, KnownKeys.shown(key) + " has no value; give it one or remove the line");
        }
    }

    private void put(String key, @Nullable Written value, int line) {
        if (value == null) {
            return;
        }
        if (values.put(key, value) != null) {
            problems.add("%s:%d: %s is there twice".formatted(file, line, KnownKeys.shown(key)));
        }
    }

    private void problem(YAMLParser parser, String sentence) {
        problems.add("%s:%d: %s".formatted(file, parser.currentTokenLocation().getLineNr(), sentence));
    }
}
