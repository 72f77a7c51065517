package dev.belay.tabular;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Says what is wrong with a record that cannot be cut.
///
/// @param titles the header; empty while that is being read
record RecordFailures(TableBytes bytes, TextFormat format, ReadLimits limits, List<String> titles) {
    /// @param place  where in the file the record begins
    /// @param line   the line it begins on, from 1
    /// @param record its number, from 1; 0 is the header
    JobFailure at(long place, long line, long record) throws IOException {
        var subject = new Subject(place, line, record);
        return switch (new QuoteDiagnosis(bytes, format, limits).ofRecordAt(place, line)) {
            case QuoteDiagnosis.Unclosed unclosed ->
                JobFailure.permanent(
                        FailureCode.CSV_UNCLOSED_QUOTE,
                        "the quote that opens %s on line %d is never closed"
                                .formatted(where(subject, unclosed.field()), unclosed.openLine()),
                        place(subject, unclosed.openLine(), unclosed.field()));
            case QuoteDiagnosis.TextAfterQuote text ->
                JobFailure.permanent(
                        FailureCode.CSV_QUOTE,
                        "line %d: text stands after the closing quote of %s, which opened on line %d; a quote inside a field is written twice"
                                .formatted(text.line(), where(subject, text.field()), text.openLine()),
                        place(subject, text.line(), text.field()));
            case QuoteDiagnosis.FieldTooLarge large ->
                JobFailure.permanent(
                        FailureCode.FIELD_TOO_LARGE,
                        "%s, starting on line %d, is larger than limits.fieldBytes (%d bytes)"
                                .formatted(where(subject, large.field()), large.openLine(), limits.fieldBytes()),
                        place(subject, large.openLine(), large.field()));
            case QuoteDiagnosis.RecordTooLarge large ->
                JobFailure.permanent(
                        FailureCode.ROW_TOO_LARGE,
                        "%s, starting on line %d, is larger than limits.recordBytes (%d bytes); the limit was reached in column %d"
                                .formatted(name(record), line, limits.recordBytes(), large.field() + 1),
                        place(subject, line, large.field()));
            case QuoteDiagnosis.Nothing nothing ->
                throw new IllegalStateException(
                        "the record at line %d, byte %d to %d, cannot be read, though nothing is wrong with it"
                                .formatted(line, place, nothing.end()));
        };
    }

    private record Subject(long place, long line, long record) {}

    private String where(Subject subject, int field) {
        return name(subject.record())
                + ", column "
                + (field < titles.size() ? Quoted.of(titles.get(field)) : field + 1);
    }

    private static String name(long record) {
        return record == 0 ? "the header" : "record " + record;
    }

    private Place place(Subject subject, long line, int field) {
        return new Place(
                subject.record() == 0 ? OptionalLong.empty() : OptionalLong.of(subject.record()),
                OptionalLong.of(line),
                OptionalLong.of(subject.place()),
                field < titles.size() ? Optional.of(Excerpt.of(titles.get(field))) : Optional.empty(),
                Optional.empty());
    }
}
