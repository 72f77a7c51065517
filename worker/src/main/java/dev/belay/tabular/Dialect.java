package dev.belay.tabular;

import java.util.List;

/// How a file of delimited text is written, and what its header says.
///
/// @param delimiter  what stands between fields, one or more characters
/// @param start      where the header's line begins, in bytes: behind a byte order mark, a separator line, and what
/// stands above the header
/// @param linesAbove how many lines end before it
/// @param passedOver what stands around the header and is none of the table's
/// @param headers    the header's fields, as they stand in the file
/// @param names      the physical column names made from them, one for each, unique ignoring case
/// @param namesRule  the version of the rule that made the names
/// @param warnings   what was odd about the names but could be handled, in sentences
public record Dialect(
        String delimiter,
        long start,
        long linesAbove,
        PassedOver passedOver,
        List<String> headers,
        List<String> names,
        int namesRule,
        List<String> warnings) {
    /// @throws IllegalArgumentException when there is not one name for each header
    public Dialect {
        headers = List.copyOf(headers);
        names = List.copyOf(names);
        warnings = List.copyOf(warnings);
        if (headers.size() != names.size()) {
            throw new IllegalArgumentException("%d headers have %d names".formatted(headers.size(), names.size()));
        }
    }

    TextFormat format() {
        return new TextFormat(delimiter, start, linesAbove, passedOver.units().isPresent());
    }
}
