package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Place;
import java.util.List;
import java.util.function.UnaryOperator;

/// A narrower type that a column cannot have, with the first values that say so.
///
/// @param type     the type that was ruled out
/// @param reason   why, in words, where the values alone do not show it; else empty
/// @param examples where they stand, each with the value as an excerpt: one to three
public record RuledOut(ColumnType type, String reason, List<Place> examples) {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException when there is no example
    public RuledOut {
        examples = List.copyOf(examples);
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("nothing rules out " + type);
        }
    }

    /// The same with other words for the places.
    RuledOut withPlaces(UnaryOperator<Place> told) {
        return new RuledOut(type, reason, examples.stream().map(told).toList());
    }

    /// The first of them.
    public Place place() {
        return examples.getFirst();
    }
}
