package dev.belay.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A data dictionary as it goes in and out: a Frictionless Table Schema with what Belay keeps of one.
///
/// @param fields in the order of the dataset's columns
/// @param ignored JSON pointers to what a document that was read says beyond this; not written. Show them to people
public record DictionaryDocument(
        List<Field> fields,
        @com.fasterxml.jackson.annotation.JsonIgnore List<String> ignored) {
    public DictionaryDocument {
        fields = Lists.copy(fields);
        ignored = Lists.copy(ignored);
    }

    /// A document to be written.
    public static DictionaryDocument of(List<Field> fields) {
        return new DictionaryDocument(fields, List.of());
    }

    /// One column.
    ///
    /// @param name as it is in the store
    /// @param type a Frictionless type: string, integer, number, boolean, date, datetime, any
    /// @param belayType the exact type in Belay's words; null in documents made elsewhere
    /// @param typeOverride the type a person has decided upon, in Belay's words; null if none has
    public record Field(
            String name,
            String type,
            @Nullable String title,
            @Nullable String description,
            @JsonProperty("belay:type") @Nullable String belayType,
            @JsonProperty("belay:typeOverride") @Nullable String typeOverride) {}
}
