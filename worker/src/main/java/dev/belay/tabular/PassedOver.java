package dev.belay.tabular;

import dev.belay.screen.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The records around a header that are none of the table's.
///
/// @param headerLine where the header stands, from 1
/// @param above      the records above it, as they stand in the file
/// @param units      the record below it, if that holds units
public record PassedOver(long headerLine, List<String> above, Optional<String> units) {
    /// There are none.
    public static final PassedOver NOTHING = new PassedOver(1, List.of(), Optional.empty());

    private static final int SHOWN = 3;

    /// Copies the records.
    public PassedOver {
        above = List.copyOf(above);
    }

    /// @param masked whether what stands in the file is not to be shown
    /// @return a sentence each
    List<String> warnings(boolean masked) {
        UnaryOperator<String> shown = masked ? text -> '"' + Mask.of(text) + '"' : Quoted::of;
        var warnings = new ArrayList<String>();
        if (!above.isEmpty()) {
            String first = above.stream().limit(SHOWN).map(shown).collect(Collectors.joining(", "));
            warnings.add("the header stands on line %d; what stands above is passed over: %s"
                    .formatted(headerLine, above.size() > SHOWN ? first + ", …" : first));
        }
        units.ifPresent(record ->
                warnings.add("the record below the header holds units and is passed over: " + shown.apply(record)));
        return warnings;
    }
}
