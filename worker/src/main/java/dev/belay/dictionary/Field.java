package dev.belay.dictionary;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.NumberMarks;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What is known and said about one column.
///
/// @param name           the physical name
/// @param title          what people call it; empty when nobody said and no file was loaded
/// @param description    what people say about it; empty when nobody did
/// @param type           what was loaded last; empty before the first load
/// @param typeOverride   what people want it loaded as
/// @param originalHeader the header it was loaded under; empty before the first load, and where someone gave the column
/// a title that is the same as its header (so that a curated title is told from a generated one)
/// @param orphan         whether the column is missing from the file loaded last
/// @param properties     everything else that people or tools put there, by name
public record Field(
        String name,
        String title,
        String description,
        Optional<ColumnType> type,
        Optional<ColumnType> typeOverride,
        Optional<String> originalHeader,
        boolean orphan,
        Map<String, JsonValue> properties) {
    static final String TYPE = "belay:type";
    static final String TYPE_OVERRIDE = "belay:typeOverride";
    static final String ORIGINAL_HEADER = "belay:originalHeader";
    static final String ORPHAN = "belay:orphan";
    static final String DATE_ORDER = "belay:dateOrder";

    /// A Table Schema type that Belay does not know, as someone declared it.
    static final String DECLARED_TYPE = "belay:declaredType";

    /// The properties that are components of this record.
    static final Set<String> OWN =
            Set.of("name", "type", "title", "description", TYPE, TYPE_OVERRIDE, ORIGINAL_HEADER, ORPHAN);

    /// @throws IllegalArgumentException for an empty name and for a property that has a component of its own
    public Field {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a field needs a name");
        }
        if (!Collections.disjoint(properties.keySet(), OWN)) {
            throw new IllegalArgumentException("field \"" + name + "\": " + OWN + " are no other properties");
        }
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /// A field of which only the name is known.
    public static Field named(String name) {
        return new Field(name, "", "", Optional.empty(), Optional.empty(), Optional.empty(), false, Map.of());
    }

    /// The order of day and month in its dates, if people have said it in the property [#DATE_ORDER].
    public Optional<DateOrder> dateOrder() {
        return Optional.ofNullable(properties.get(DATE_ORDER)).flatMap(Field::dateOrder);
    }

    /// The texts that stand for no value in it, if people have said them in Table Schema's `missingValues`.
    public Optional<List<String>> missingValues() {
        return Optional.ofNullable(properties.get(MissingValues.NAME)).flatMap(MissingValues::texts);
    }

    /// How its numbers are written, if people have said it in Table Schema's `decimalChar` and `groupChar`.
    public Optional<NumberMarks> numberMarks() {
        NumberMarks said = NumberChars.marks(properties);
        return said.isUnknown() ? Optional.empty() : Optional.of(said);
    }

    static Optional<DateOrder> dateOrder(JsonValue value) {
        return Optional.of(value.node()).filter(JsonNode::isString).flatMap(order -> DateOrder.of(order.stringValue()));
    }

    /// Whether the title is someone's words, not the file's header.
    public boolean hasCuratedTitle() {
        return !title.isEmpty() && !originalHeader.equals(Optional.of(title));
    }

    /// Whether losing this field would lose something that someone wrote.
    public boolean isCurated() {
        return hasCuratedTitle() || !description.isEmpty() || typeOverride.isPresent() || !properties.isEmpty();
    }

    /// The same field with someone's words as its title.
    Field withCuratedTitle(String curated) {
        var header = originalHeader.filter(known -> !known.equals(curated));
        return new Field(name, curated, description, type, typeOverride, header, orphan, properties);
    }

    /// The same field with its header as title again; without one, until it is loaded, when the header is not
    /// known.
    Field withoutCuratedTitle() {
        return new Field(
                name, originalHeader.orElse(""), description, type, typeOverride, originalHeader, orphan, properties);
    }

    Field withDescription(String other) {
        return new Field(name, title, other, type, typeOverride, originalHeader, orphan, properties);
    }

    Field withTypeOverride(Optional<ColumnType> other) {
        return new Field(name, title, description, type, other, originalHeader, orphan, properties);
    }

    Field withProperties(Map<String, JsonValue> other) {
        return new Field(name, title, description, type, typeOverride, originalHeader, orphan, other);
    }

    Field asOrphan() {
        return new Field(name, title, description, type, typeOverride, originalHeader, true, properties);
    }

    /// The same field after `column` was loaded for it: its name and type are the column's, a title that nobody
    /// wrote is the column's header, everything curated is as it was.
    Field loadedAs(Column column) {
        String header = headerOf(column);
        String shown = hasCuratedTitle() ? title : header;
        boolean hidesHeader = hasCuratedTitle() && title.equals(header);
        return new Field(
                column.name(),
                shown,
                description,
                Optional.of(column.type()),
                typeOverride,
                hidesHeader ? Optional.empty() : Optional.of(header),
                false,
                properties);
    }

    /// The names under which a column of another file may be this one, best first.
    List<String> headers() {
        return List.of(originalHeader.orElse(title), name, title);
    }

    /// The header as a generated title: always something that can be stored.
    static String headerOf(Column column) {
        String header = column.title().isBlank() ? column.name() : column.title();
        return PlainText.mended(header, DictionaryLimits.DEFAULT.title());
    }
}
