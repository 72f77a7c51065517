package dev.belay.tabular;

import java.util.List;

/// How a file of delimited text is written, and what its header says.
///
/// @param encoding      the name of its charset, as the JDK knows it
/// @param byteOrderMark whether the file starts with the byte order mark of that encoding
/// @param delimiter     the character between fields
/// @param separatorLine whether the first line is `sep=` and the delimiter, as some spreadsheets write it
/// @param headers       the header's fields, as they stand in the file
/// @param names         the physical column names made from them, one for each, unique ignoring case
/// @param namesRule     the version of the rule that made the names
/// @param warnings      what was odd but could be handled, in sentences
public record Dialect(
        String encoding,
        boolean byteOrderMark,
        char delimiter,
        boolean separatorLine,
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
        return new TextFormat(encoding, byteOrderMark, delimiter, separatorLine);
    }
}
