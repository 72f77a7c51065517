package dev.belay.tabular;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A walk over the records of a file, the header being the first and number 0; blank lines are passed over.
///
/// Cutting is FastCSV's work, strictly after RFC 4180. Why it stopped, if it did, is found out here and in
/// [QuoteDiagnosis], since its exceptions only say so in words.
final class Records implements Closeable {
    private static final int READ_AHEAD_CHARS = 1 << 14;

    private final TableBytes bytes;
    private final TextFormat format;
    private final ReadLimits limits;
    private final List<String> titles;
    private final RecordBuffer buffer;
    private final CsvReader<RecordBuffer> reader;
    private final CloseableIterator<RecordBuffer> iterator;
    private boolean started;
    private long number = -1;

    /// @param titles the header, for messages; empty while it is not known
    Records(TableBytes bytes, TextFormat format, ReadLimits limits, Progress progress, List<String> titles)
            throws IOException {
        this.bytes = bytes;
        this.format = format;
        this.limits = limits;
        this.titles = titles;
        this.buffer = new RecordBuffer(limits);
        this.reader = CsvReader.builder()
                .fieldSeparator(format.delimiter())
                .quoteCharacter(QuoteDiagnosis.QUOTE)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .skipEmptyLines(true)
                .detectBomHeader(false)
                .maxBufferSize(Math.toIntExact(limits.fieldBytes() + READ_AHEAD_CHARS))
                .build(buffer, new StrictText(bytes.open(), format, progress));
        this.iterator = reader.iterator();
    }

    /// Moves to the next record, which then stands in [#current()].
    ///
    /// @return false after the last record
    boolean next() throws JobFailure, IOException {
        try {
            if (!started) {
                started = true;
                reader.skipLines(format.separatorLine() ? 1 : 0);
            }
            if (!iterator.hasNext()) {
                return false;
            }
            iterator.next();
            number++;
            return true;
        } catch (UncheckedIOException wrapped) {
            IOException cause = wrapped.getCause();
            if (cause instanceof StrictText.Undecodable undecodable) {
                throw EncodingFailure.of(undecodable, bytes, format);
            }
            throw cause;
        } catch (CsvParseException refused) {
            throw failure(refused);
        }
    }

    /// The record itself; valid until the next step.
    RecordBuffer current() {
        return buffer;
    }

    /// The number of the current record; the header is 0.
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private JobFailure failure(CsvParseException refused) throws JobFailure, IOException {
        if (refused.getCause() instanceof RecordBuffer.OverLimit over) {
            return over.isField() ? fieldTooLarge(buffer.line(), buffer.count()) : recordTooLarge();
        }
        try (var diagnosis = new QuoteDiagnosis(bytes, format, limits.fieldBytes())) {
            return switch (diagnosis.ofRecordAt(buffer.line())) {
                case QuoteDiagnosis.Unclosed unclosed ->
                    JobFailure.permanent(
                            FailureCode.CSV_UNCLOSED_QUOTE,
                            "the quote that opens %s on line %d is never closed"
                                    .formatted(where(unclosed.field()), unclosed.openLine()),
                            place(unclosed.openLine(), unclosed.field()));
                case QuoteDiagnosis.TextAfterQuote text ->
                    JobFailure.permanent(
                            FailureCode.CSV_QUOTE,
                            "line %d: text stands after the closing quote of %s, which opened on line %d; a quote inside a field is written twice"
                                    .formatted(text.line(), where(text.field()), text.openLine()),
                            place(text.line(), text.field()));
                case QuoteDiagnosis.TooLarge large -> fieldTooLarge(large.openLine(), large.field());
                case QuoteDiagnosis.Nothing() ->
                    throw new IllegalStateException(
                            "the record at line %d cannot be read, though nothing is wrong with its quotes"
                                    .formatted(buffer.line()),
                            refused);
            };
        } catch (StrictText.Undecodable undecodable) {
            return EncodingFailure.of(undecodable, bytes, format);
        }
    }

    private JobFailure fieldTooLarge(long line, int field) {
        return JobFailure.permanent(
                FailureCode.FIELD_TOO_LARGE,
                "%s, starting on line %d, is larger than limits.fieldBytes (%d bytes)"
                        .formatted(where(field), line, limits.fieldBytes()),
                place(line, field));
    }

    private JobFailure recordTooLarge() {
        return JobFailure.permanent(
                FailureCode.ROW_TOO_LARGE,
                "%s, starting on line %d, is larger than limits.recordBytes (%d bytes); the limit was reached in column %d"
                        .formatted(recordName(), buffer.line(), limits.recordBytes(), buffer.count() + 1),
                place(buffer.line(), buffer.count()));
    }

    private String where(int field) {
        return recordName() + ", column " + (field < titles.size() ? Quoted.of(titles.get(field)) : field + 1);
    }

    private String recordName() {
        return number < 0 ? "the header" : "record " + (number + 1);
    }

    private Place place(long line, int field) {
        return new Place(
                number < 0 ? OptionalLong.empty() : OptionalLong.of(number + 1),
                OptionalLong.of(line),
                OptionalLong.empty(),
                field < titles.size() ? Optional.of(Excerpt.of(titles.get(field))) : Optional.empty(),
                Optional.empty());
    }
}
