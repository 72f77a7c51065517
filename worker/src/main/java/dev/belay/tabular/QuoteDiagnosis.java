package dev.belay.tabular;

import java.io.IOException;

/// Finds out what is wrong with a record that could not be cut, by reading it again one byte at a time.
///
/// Nothing is kept of what is read, so a quote that stays open for gigabytes costs time, not memory.
final class QuoteDiagnosis {
    static final char QUOTE = '"';

    private static final int END = -1;
    private static final int CHUNK = 1 << 16;

    private final TableBytes file;
    private final byte[] delimiter;
    private final ReadLimits limits;
    private final byte[] chunk = new byte[CHUNK];
    private long position;
    private int size;
    private int at;
    private long line;
    private int last;
    private long total;

    /// What is wrong; `field` counts from 0.
    sealed interface Finding {}

    record Unclosed(int field, long openLine) implements Finding {}

    record TextAfterQuote(int field, long openLine, long line) implements Finding {}

    record FieldTooLarge(int field, long openLine) implements Finding {}

    record RecordTooLarge(int field) implements Finding {}

    /// The record ends before this byte, and nothing is wrong.
    record Nothing(long end) implements Finding {}

    QuoteDiagnosis(TableBytes file, TextFormat format, ReadLimits limits) {
        this.file = file;
        this.delimiter = format.delimiterBytes();
        this.limits = limits;
    }

    /// @param place where in the file the record begins
    /// @param line  the physical line it begins on
    Finding ofRecordAt(long place, long line) throws IOException {
        this.position = place;
        this.line = line;
        this.size = 0;
        this.at = 0;
        this.last = 0;
        this.total = 0;
        int field = 0;
        while (true) {
            long openLine = this.line;
            Finding finding = peek() == QUOTE ? quoted(field, openLine) : plain(field, openLine);
            if (!(finding instanceof Nothing)) {
                return finding;
            }
            if (total > limits.recordBytes() || raw(place) > mostRaw(field)) {
                return new RecordTooLarge(field);
            }
            int next = peek();
            if (next == END || isLineEnd(next)) {
                step();
                if (next == '\r' && peek() == '\n') {
                    step();
                }
                return new Nothing(position - size + at);
            }
            for (int each = 0; each < delimiter.length; each++) {
                step();
            }
            field++;
        }
    }

    private long raw(long place) {
        return position - size + at - place;
    }

    /// Quotes may double what is in a field; delimiters count as much as a field of a few bytes.
    private long mostRaw(int fields) {
        return 2 * limits.recordBytes() + 3L * Math.max(fields, limits.columns()) + 2;
    }

    private Finding quoted(int field, long openLine) throws IOException {
        step();
        long length = 0;
        while (true) {
            int character = step();
            if (character == END) {
                return new Unclosed(field, openLine);
            }
            if (character != QUOTE) {
                length++;
                continue;
            }
            long closeLine = line;
            if (peek() == QUOTE) {
                step();
                length++;
                continue;
            }
            if (length > limits.fieldBytes()) {
                return new FieldTooLarge(field, openLine);
            }
            total += length;
            int after = peek();
            boolean closed = after == END || isLineEnd(after) || isDelimiter();
            return closed ? new Nothing(0) : new TextAfterQuote(field, openLine, closeLine);
        }
    }

    private Finding plain(int field, long openLine) throws IOException {
        long length = 0;
        for (int next = peek(); next != END && !isLineEnd(next) && !isDelimiter(); next = peek()) {
            step();
            length++;
            if (length > limits.fieldBytes()) {
                return new FieldTooLarge(field, openLine);
            }
        }
        total += length;
        return new Nothing(0);
    }

    private static boolean isLineEnd(int character) {
        return character == '\n' || character == '\r';
    }

    private boolean isDelimiter() throws IOException {
        if (peek() != (delimiter[0] & 0xFF)) {
            return false;
        }
        fill(delimiter.length);
        if (size - at < delimiter.length) {
            return false;
        }
        for (int each = 0; each < delimiter.length; each++) {
            if (chunk[at + each] != delimiter[each]) {
                return false;
            }
        }
        return true;
    }

    private int peek() throws IOException {
        fill(1);
        return at < size ? chunk[at] & 0xFF : END;
    }

    private int step() throws IOException {
        int character = peek();
        if (character == END) {
            return END;
        }
        at++;
        if (character == '\r' || (character == '\n' && last != '\r')) {
            line++;
        }
        last = character;
        return character;
    }

    /// Makes sure that so many bytes are in the chunk, where the file has them.
    private void fill(int most) throws IOException {
        while (size - at < most) {
            System.arraycopy(chunk, at, chunk, 0, size - at);
            size -= at;
            at = 0;
            int count = file.read(position, chunk, size, CHUNK - size);
            if (count <= 0) {
                return;
            }
            size += count;
            position += count;
        }
    }
}
