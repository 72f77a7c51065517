package dev.belay.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// Why an attempt or a job failed.
///
/// @param code stable, such as `ROW_TOO_SHORT`; the list is in the documentation
/// @param message one sentence with the thing, the value, the limit and the place
/// @param advice what the reader can do
/// @param place where in the source, if there is such a place
/// @param retryable whether the same job may succeed later with nothing changed by a person
public record Failure(
        Kind kind,
        String code,
        String message,
        String advice,
        @Nullable Place place,
        boolean retryable) {
    /// Who or what is at fault, and so what may help.
    public enum Kind implements WireName {
        TRANSIENT,
        PERMANENT,
        CONFLICT,
        CONFIGURATION,
        CORRUPT,
        UNKNOWN
    }

    /// A place in the source; what is not known is null.
    ///
    /// @param row the record, counted from 1 without the header
    /// @param line the physical line, counted from 1
    /// @param byteOffset bytes before the place
    /// @param value the cell; cut to 64 characters
    public record Place(
            @Nullable Long row,
            @Nullable Long line,
            @JsonProperty("byte") @Nullable Long byteOffset,
            @Nullable String column,
            @Nullable String value) {
        public Place {
            value = value == null ? null : Clipped.value(value);
        }
    }
}
