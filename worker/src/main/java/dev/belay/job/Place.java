package dev.belay.job;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// Where in the input a failure or a rejected value stands.
///
/// @param record     number of the record, from 1, the header not counted
/// @param line       physical line in the file, from 1
/// @param byteOffset offset of the record's or the value's first byte, from 0
/// @param column     the column's original header
/// @param value      the offending text, as an [Excerpt]
public record Place(
        OptionalLong record,
        OptionalLong line,
        OptionalLong byteOffset,
        Optional<String> column,
        Optional<String> value) {
    /// Nowhere in particular.
    public static final Place NONE = new Place(
            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    /// The same with other words for its value.
    public Place withValue(UnaryOperator<String> told) {
        return new Place(record, line, byteOffset, column, value.map(told));
    }

    /// The same with a value.
    public Place withValue(String told) {
        return new Place(record, line, byteOffset, column, Optional.of(told));
    }

    /// The same in a source that has no lines.
    public Place withoutLine() {
        return new Place(record, OptionalLong.empty(), OptionalLong.empty(), column, value);
    }

    /// A byte of the file.
    public static Place atByte(long offset) {
        return new Place(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(offset),
                Optional.empty(),
                Optional.empty());
    }

    /// A record that starts on a line.
    public static Place atRecord(long record, long line) {
        return new Place(
                OptionalLong.of(record),
                OptionalLong.of(line),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
