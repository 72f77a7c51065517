package dev.belay.job;

import java.util.List;
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
/// @param dateOrder  whether the day or the month comes first in dates that could be read both ways
/// @param nullTokens texts that stand for no value, besides the empty one, in every column
/// @param numberMarks how numbers are written
public record ReadOptions(
        Optional<Format> format,
        Optional<String> member,
        Optional<String> sheet,
        Optional<String> delimiter,
        Optional<Character> quote,
        Optional<String> encoding,
        OptionalInt headerRow,
        Optional<DateOrder> dateOrder,
        List<String> nullTokens,
        NumberMarks numberMarks) {
    /// Detect everything.
    public static final ReadOptions DETECT = new ReadOptions(Optional.empty(), Optional.empty());

    /// Copies the texts.
    public ReadOptions {
        nullTokens = List.copyOf(nullTokens);
    }

    /// Nothing is known of the values.
    public ReadOptions(
            Optional<Format> format,
            Optional<String> member,
            Optional<String> sheet,
            Optional<String> delimiter,
            Optional<Character> quote,
            Optional<String> encoding,
            OptionalInt headerRow) {
        this(
                format,
                member,
                sheet,
                delimiter,
                quote,
                encoding,
                headerRow,
                Optional.empty(),
                List.of(),
                NumberMarks.UNKNOWN);
    }

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
        return new ReadOptions(
                format,
                member,
                sheet,
                delimiter,
                quote,
                Optional.of(name),
                headerRow,
                dateOrder,
                nullTokens,
                numberMarks);
    }
}
