package dev.belay.tabular;

import dev.belay.job.Place;

/// A record that is not among the rows.
///
/// @param place   its number, the physical line it starts on, and the column and value where one is at fault
/// @param code    why
/// @param message the same as a sentence
public record RejectedRecord(Place place, RejectCode code, String message) {}
