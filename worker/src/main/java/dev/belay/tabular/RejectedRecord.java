package dev.belay.tabular;

import dev.belay.job.Place;
import dev.belay.screen.Mask;
import java.util.Optional;

/// A record that is not among the rows.
///
/// @param place   its number, the physical line it starts on, and the column and value where one is at fault
/// @param code    why
/// @param message the same as a sentence
public record RejectedRecord(Place place, RejectCode code, String message) {
    /// The same without its value.
    RejectedRecord masked() {
        if (place.value().isEmpty()) {
            return this;
        }
        String value = place.value().get();
        String masked = Mask.of(value);
        var where = new Place(place.record(), place.line(), place.byteOffset(), place.column(), Optional.of(masked));
        return new RejectedRecord(where, code, message.replace(value, masked));
    }
}
