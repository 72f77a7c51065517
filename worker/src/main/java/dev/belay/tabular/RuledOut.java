package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Place;

/// A narrower type that a column cannot have, with the first value that says so.
///
/// @param type  the type that was ruled out
/// @param place where the value stands, with the value as an excerpt
public record RuledOut(ColumnType type, Place place) {}
