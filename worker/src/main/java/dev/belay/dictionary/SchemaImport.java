package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Puts what an imported Table Schema says into a dictionary. In a foreign schema a field's name is the file's
/// header.
final class SchemaImport {
    private SchemaImport() {}

    static DataDictionary into(DataDictionary live, DataDictionary schema) {
        Map<String, Field> fields = new LinkedHashMap<>();
        live.fields().forEach(field -> fields.put(field.name(), field));
        Map<String, Field> saying = sayingByName(live, schema);
        List<Field> unknown = new ArrayList<>();
        saying.forEach((name, said) -> {
            Field known = fields.get(name);
            if (known == null) {
                unknown.add(said.asOrphan());
            } else {
                fields.put(name, changed(known, said));
            }
        });
        unknown.forEach(field -> fields.put(field.name(), field));
        Map<String, JsonValue> properties = new TreeMap<>(live.properties());
        properties.putAll(schema.properties());
        return new DataDictionary(List.copyOf(fields.values()), properties);
    }

    /// What the schema says, by the name of the live field it is about, or its own where there is none.
    private static Map<String, Field> sayingByName(DataDictionary live, DataDictionary schema) {
        Map<String, Field> saying = new LinkedHashMap<>();
        Map<String, String> namesByHeader = new HashMap<>();
        for (Field field : live.fields()) {
            field.headers().forEach(header -> namesByHeader.putIfAbsent(header, field.name()));
        }
        Map<String, Field> liveByName = new HashMap<>();
        live.fields().forEach(field -> liveByName.put(field.name(), field));
        schema.fields().stream()
                .filter(said -> liveByName.containsKey(said.name()))
                .forEach(said -> saying.put(said.name(), said));
        for (Field said : schema.fields()) {
            if (!liveByName.containsKey(said.name())) {
                String name = namesByHeader.getOrDefault(said.name(), said.name());
                saying.putIfAbsent(saying.containsKey(name) ? said.name() : name, said);
            }
        }
        return saying;
    }

    private static Field changed(Field field, Field said) {
        Map<String, JsonValue> properties = new TreeMap<>(field.properties());
        properties.putAll(said.properties());
        Field titled = said.hasCuratedTitle() ? field.withCuratedTitle(said.title()) : field;
        return titled.withDescription(said.description().isEmpty() ? field.description() : said.description())
                .withTypeOverride(wanted(field, said))
                .withProperties(properties);
    }

    private static Optional<ColumnType> wanted(Field field, Field said) {
        boolean other = said.type().isPresent()
                && !said.type().map(TypeNames::frictionless).equals(field.type().map(TypeNames::frictionless));
        return said.typeOverride()
                .or(() -> other ? said.type() : Optional.empty())
                .or(field::typeOverride);
    }
}
