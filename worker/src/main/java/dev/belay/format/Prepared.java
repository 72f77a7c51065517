package dev.belay.format;

import dev.belay.job.ReadOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A file that the reader of delimited text can read: UTF-8, a character between fields, double quotes around them.
///
/// @param file     the fetched file itself where it is that already
/// @param kind     how the file came about
/// @param origin   what it was made from, such as the name of an encoding
/// @param read     what is still to be known for reading it
/// @param notes    what was done and found, in sentences for people
/// @param refusals why records were set aside that are in the file only to be rejected
public record Prepared(Path file, Kind kind, String origin, ReadOptions read, List<String> notes, Refusals refusals) {
    /// How a prepared file came about, and so what its lines mean to someone who has the source.
    public enum Kind {
        /// The text of the source, as it is or unpacked: lines and bytes are those of the source's text.
        AS_IT_IS,
        /// The text of the source, decoded: lines are those of the source, bytes are not.
        DECODED,
        /// Written by us from something that is no delimited text; only the numbers of records mean something.
        WRITTEN
    }

    public Prepared {
        notes = List.copyOf(notes);
    }

    /// Why a record of a [Kind#WRITTEN] file was set aside, if it was done here.
    ///
    /// @param record its number, from 1, the header not counted
    public Optional<Refusal> refusal(long record) {
        return refusals.of(record);
    }
}
