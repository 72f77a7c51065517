package dev.belay.tabular;

import dev.belay.job.Progress;
import java.io.Closeable;
import java.io.IOException;

/// Finds out what is wrong with a record that could not be cut, by reading it again one character at a time.
///
/// Nothing is kept of what is read, so a quote that stays open for gigabytes costs time, not memory.
final class QuoteDiagnosis implements Closeable {
    static final char QUOTE = '"';

    private static final int END = -1;

    private final StrictText text;
    private final char delimiter;
    private final long fieldLimit;
    private final LineCount lines = new LineCount();
    private final char[] chunk = new char[8192];
    private int size;
    private int at;

    /// What is wrong; `field` counts from 0.
    sealed interface Finding {}

    record Unclosed(int field, long openLine) implements Finding {}

    record TextAfterQuote(int field, long openLine, long line) implements Finding {}

    record TooLarge(int field, long openLine) implements Finding {}

    record Nothing() implements Finding {}

    QuoteDiagnosis(TableBytes bytes, TextFormat format, long fieldLimit) throws IOException {
        this.text = new StrictText(bytes.open(), format, Progress.SILENT);
        this.delimiter = format.delimiter();
        this.fieldLimit = fieldLimit;
    }

    /// @param line the physical line the record starts on
    Finding ofRecordAt(long line) throws IOException {
        while (lines.current() < line) {
            if (step() == END) {
                return new Nothing();
            }
        }
        int field = 0;
        int first = step();
        if (first == '\n') { // the second half of the CRLF that ended the line before
            first = step();
        }
        while (true) {
            long openLine = lines.current();
            Finding finding = first == QUOTE ? quoted(field, openLine) : plain(first, field, openLine);
            if (!(finding instanceof Nothing) || ended()) {
                return finding;
            }
            field++;
            first = step();
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private Finding quoted(int field, long openLine) throws IOException {
        long length = 0;
        while (true) {
            int character = step();
            if (character == END) {
                return new Unclosed(field, openLine);
            }
            length++;
            if (character == QUOTE) {
                long line = lines.current();
                int after = step();
                if (after == QUOTE) {
                    length++;
                    continue;
                }
                if (length > fieldLimit) {
                    return new TooLarge(field, openLine);
                }
                boolean closed = after == END || after == delimiter || isLineEnd(after);
                return closed ? new Nothing() : new TextAfterQuote(field, openLine, line);
            }
        }
    }

    private Finding plain(int first, int field, long openLine) throws IOException {
        long length = 0;
        for (int next = first; next != END && next != delimiter && !isLineEnd(next); next = step()) {
            length++;
            if (length > fieldLimit) {
                return new TooLarge(field, openLine);
            }
        }
        return new Nothing();
    }

    private boolean ended() {
        return size < 0 || isLineEnd(chunk[at - 1]);
    }

    private static boolean isLineEnd(int character) {
        return character == '\n' || character == '\r';
    }

    private int step() throws IOException {
        if (at == size) {
            size = text.read(chunk, 0, chunk.length);
            at = 0;
        }
        if (size < 0) {
            at = size;
            return END;
        }
        char character = chunk[at++];
        lines.pass(character);
        return character;
    }
}
