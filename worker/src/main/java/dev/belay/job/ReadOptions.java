package dev.belay.job;

import java.util.Optional;
import java.util.OptionalInt;

/// What the producer knows about the file; what is empty is detected.
///
/// @param format    what the file is once it is unpacked
/// @param member    the file of an archive that holds the table, by its name in the archive
/// @param sheet     the sheet of a workbook, by name or by number from 1
/// @param delimiter what stands between fields, one or more characters
/// @param quote     what stands around fields
/// @param encoding  an IANA charset name
/// @param headerRow where the header stands: the physical line of a text, the row of a sheet, from 1
public record ReadOptions(
        Optional<Format> format,
        Optional<String> member,
        Optional<String> sheet,
        Optional<String> delimiter,
        Optional<Character> quote,
        Optional<String> encoding,
        OptionalInt headerRow) {
    /// Detect everything.
    public static final ReadOptions DETECT = new ReadOptions(Optional.empty(), Optional.empty());

    /// What a file is.
    public enum Format {
        CSV,
        JSON,
        XLSX,
        XLS,
        ODS,
        PARQUET
    }

    /// Delimited text of which these two are known.
    public ReadOptions(Optional<Character> delimiter, Optional<String> encoding) {
        this(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                delimiter.map(String::valueOf),
                Optional.empty(),
                encoding,
                OptionalInt.empty());
    }

    /// The same with another encoding known.
    public ReadOptions encoded(String name) {
        return new ReadOptions(format, member, sheet, delimiter, quote, Optional.of(name), headerRow);
    }
}
