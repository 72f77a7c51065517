package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.NumberMarks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The data dictionary of a dataset. Its stored form is a Frictionless Table Schema.
///
/// Immutable; an edit is a new dictionary.
///
/// @param fields     columns of the file loaded last in its order, then orphans; names are unique
/// @param properties everything beside `fields` that people or tools put there (`primaryKey`, `missingValues`, …)
public record DataDictionary(List<Field> fields, Map<String, JsonValue> properties) {
    static final String FIELDS = "fields";

    /// A dictionary that says nothing.
    public static final DataDictionary EMPTY = new DataDictionary(List.of(), Map.of());

    /// @throws IllegalArgumentException for two fields of one name and for a property called `fields`
    public DataDictionary {
        fields = List.copyOf(fields);
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two fields are named \"" + field.name() + "\"");
            }
        }
        if (properties.containsKey(FIELDS)) {
            throw new IllegalArgumentException("\"fields\" is no other property");
        }
    }

    /// Reads the stored form.
    ///
    /// @throws JobFailure `DICTIONARY_INVALID`, one message with every problem and its JSON pointer
    public static DataDictionary parse(DictionaryDocument document) throws JobFailure {
        return new TableSchemaReader(DictionaryLimits.STORED).read(document.json());
    }

    /// Reads a Table Schema that a person or a tool made, Belay's own export included, within limits.
    ///
    /// @throws JobFailure `DICTIONARY_INVALID`, one message with every problem and its JSON pointer
    public static DataDictionary ofTableSchema(String json, DictionaryLimits limits) throws JobFailure {
        return new TableSchemaReader(limits).read(json);
    }

    /// The stored form, which is also the export: equal dictionaries give the same text.
    public DictionaryDocument toDocument() {
        return new DictionaryDocument(TableSchemaWriter.write(this));
    }

    /// The types people want, by physical name, orphans included.
    public Map<String, ColumnType> overrides() {
        Map<String, ColumnType> wanted = new LinkedHashMap<>();
        for (Field field : fields) {
            field.typeOverride().ifPresent(type -> wanted.put(field.name(), type));
        }
        return Collections.unmodifiableMap(wanted);
    }

    /// The order of day and month in columns for which people have said it, by physical name, orphans included.
    public Map<String, DateOrder> dateOrders() {
        Map<String, DateOrder> orders = new LinkedHashMap<>();
        for (Field field : fields) {
            field.dateOrder().ifPresent(order -> orders.put(field.name(), order));
        }
        return Collections.unmodifiableMap(orders);
    }

    /// How numbers are written in columns for which people have said it, by physical name, orphans included.
    public Map<String, NumberMarks> numberMarks() {
        Map<String, NumberMarks> marks = new LinkedHashMap<>();
        for (Field field : fields) {
            field.numberMarks().ifPresent(own -> marks.put(field.name(), own));
        }
        return Collections.unmodifiableMap(marks);
    }

    /// The texts that stand for no value in columns that do not say their own, if people have said them in Table
    /// Schema's `missingValues`.
    public Optional<List<String>> missingValues() {
        return Optional.ofNullable(properties.get(MissingValues.NAME)).flatMap(MissingValues::texts);
    }

    /// The texts that stand for no value in columns that say their own, by physical name, orphans included.
    public Map<String, List<String>> columnMissingValues() {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (Field field : fields) {
            field.missingValues().ifPresent(own -> texts.put(field.name(), own));
        }
        return Collections.unmodifiableMap(texts);
    }

    /// The field of a column.
    ///
    /// @param column its physical name, else its title or header if only one field has it
    /// @throws JobFailure `COLUMN_NOT_FOUND`, with the names that are near
    public Field field(String column) throws JobFailure {
        for (Field field : fields) {
            if (field.name().equals(column)) {
                return field;
            }
        }
        List<Field> called = fields.stream()
                .filter(field ->
                        field.title().equals(column) || field.originalHeader().equals(Optional.of(column)))
                .toList();
        if (called.size() == 1) {
            return called.getFirst();
        }
        throw JobFailure.permanent(FailureCode.COLUMN_NOT_FOUND, ColumnNames.notFound(column, called, fields));
    }

    /// Gives a column a title; a blank one brings the file's header back.
    ///
    /// @param column its physical name, or a title or header that only it has
    /// @throws JobFailure `COLUMN_NOT_FOUND`, or `DICTIONARY_INVALID` for a text that is too long or cannot be
    /// stored
    public DataDictionary withTitle(String column, String title) throws JobFailure {
        ColumnNames.check(column, "title", title, DictionaryLimits.DEFAULT.title());
        return edited(column, field -> title.isBlank() ? field.withoutCuratedTitle() : field.withCuratedTitle(title));
    }

    /// Gives a column a description; a blank one removes it.
    ///
    /// @param column its physical name, or a title or header that only it has
    /// @throws JobFailure `COLUMN_NOT_FOUND`, or `DICTIONARY_INVALID` for a text that is too long or cannot be
    /// stored
    public DataDictionary withDescription(String column, String description) throws JobFailure {
        ColumnNames.check(column, "description", description, DictionaryLimits.DEFAULT.description());
        return edited(column, field -> field.withDescription(description.isBlank() ? "" : description));
    }

    /// Says what type a column shall be loaded as from the next load on.
    ///
    /// @param column its physical name, or a title or header that only it has
    /// @throws JobFailure `COLUMN_NOT_FOUND`
    public DataDictionary withTypeOverride(String column, ColumnType wanted) throws JobFailure {
        return edited(column, field -> field.withTypeOverride(Optional.of(wanted)));
    }

    /// Leaves a column's type to the file again.
    ///
    /// @param column its physical name, or a title or header that only it has
    /// @throws JobFailure `COLUMN_NOT_FOUND`
    public DataDictionary withoutTypeOverride(String column) throws JobFailure {
        return edited(column, field -> field.withTypeOverride(Optional.empty()));
    }

    /// This dictionary with what a Table Schema says: for the columns it names, its titles, descriptions,
    /// properties and types win over what is here; what it does not say stays. A type other than the loaded one
    /// becomes an override. Fields that no column has are kept as orphans until their column comes.
    public DataDictionary withSchema(DataDictionary schema) {
        return SchemaImport.into(this, schema);
    }

    private DataDictionary edited(String column, UnaryOperator<Field> edit) throws JobFailure {
        Field found = field(column);
        List<Field> edited = new ArrayList<>(fields);
        edited.set(fields.indexOf(found), edit.apply(found));
        return new DataDictionary(edited, properties);
    }
}
