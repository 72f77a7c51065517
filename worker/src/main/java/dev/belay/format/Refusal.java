package dev.belay.format;

import dev.belay.job.Place;

/// Why one record cannot be read, although those around it can.
///
/// @param reason  what kind of trouble it is
/// @param place   where it stands in the source
/// @param message the same as a sentence
public record Refusal(Reason reason, Place place, String message) {
    /// What kind of trouble.
    public enum Reason {
        /// It is no JSON.
        JSON_SYNTAX,
        /// It is JSON, but no row.
        JSON_SHAPE,
        /// It has a key twice.
        JSON_DUPLICATE_KEY,
        /// It holds half a character, or bytes that are no character.
        ENCODING_INVALID
    }
}
