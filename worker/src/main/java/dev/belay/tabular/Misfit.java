package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Place;
import dev.belay.screen.Mask;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A column whose values are not all of the type that is demanded for it.
///
/// @param name     the physical name
/// @param title    the header
/// @param demanded the type
/// @param count    how many values are not of it, in records that are whole otherwise
/// @param examples where the first of them stand, each with the value as an excerpt: one to three
public record Misfit(String name, String title, ColumnType demanded, long count, List<Place> examples) {
    /// Copies the list.
    public Misfit {
        examples = List.copyOf(examples);
    }

    /// The same with other words for the places.
    public Misfit withPlaces(UnaryOperator<Place> told) {
        return new Misfit(
                name, title, demanded, count, examples.stream().map(told).toList());
    }

    /// The same without its values.
    public Misfit masked() {
        return withPlaces(place -> place.withValue(Mask::of));
    }

    /// How many there are and the first ones: `3 values are not, the first: record 2 (line 3) "x", …`.
    public String shown() {
        return "%,d %s not, the first: %s"
                .formatted(
                        count,
                        count == 1 ? "value is" : "values are",
                        examples.stream().map(Misfit::shown).collect(Collectors.joining(", ")));
    }

    private static String shown(Place place) {
        String line =
                place.line().isPresent() ? " (line %d)".formatted(place.line().getAsLong()) : "";
        return "record %d%s %s"
                .formatted(
                        place.record().orElse(0), line, Quoted.of(place.value().orElse("")));
    }
}
