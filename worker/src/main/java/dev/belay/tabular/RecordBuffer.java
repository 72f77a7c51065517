package dev.belay.tabular;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.Arrays;

/// The current record: its characters in one array, and where each field ends. Used again for every record, so a record
/// costs no objects.
final class RecordBuffer extends CsvCallbackHandler<RecordBuffer> {
    private final ReadLimits limits;
    private char[] chars = new char[4096];
    private int[] ends = new int[64];
    private int length;
    private int count;
    private long bytes;
    private long line;
    private RecordType kind = RecordType.DATA;

    /// A field or record is larger than its limit. Travels through the parser to [Records], which knows the
    /// place.
    static final class OverLimit extends RuntimeException {
        private final boolean field;

        private OverLimit(boolean field) {
            super(field ? "field" : "record", null, false, false);
            this.field = field;
        }

        /// Whether it is a single field that is too large, not the record as a whole.
        boolean isField() {
            return field;
        }
    }

    RecordBuffer(ReadLimits limits) {
        this.limits = limits;
    }

    /// How many fields the record has; those beyond `limits.columns` are counted but not kept.
    int count() {
        return count;
    }

    /// The physical line the record starts on, from 1.
    long line() {
        return line;
    }

    /// All characters of the record, field after field without delimiters and quotes, up to [#length()].
    char[] chars() {
        return chars;
    }

    int length() {
        return length;
    }

    int from(int field) {
        return field == 0 ? 0 : ends[field - 1];
    }

    int to(int field) {
        return ends[field];
    }

    boolean isNull(int field) {
        return from(field) == to(field);
    }

    String text(int field) {
        return new String(chars, from(field), to(field) - from(field));
    }

    @Override
    protected RecordType getRecordType() {
        return kind;
    }

    @Override
    protected int getFieldCount() {
        return count;
    }

    @Override
    protected void beginRecord(long startingLineNumber) {
        line = startingLineNumber;
        length = 0;
        count = 0;
        bytes = 0;
        kind = RecordType.DATA;
    }

    @Override
    protected void addField(char[] source, int offset, int size, boolean quoted) {
        long fieldBytes = Utf8.length(source, offset, size);
        if (fieldBytes > limits.fieldBytes()) {
            throw new OverLimit(true);
        }
        bytes += fieldBytes;
        if (bytes > limits.recordBytes()) {
            throw new OverLimit(false);
        }
        if (count < limits.columns()) {
            keep(source, offset, size);
        }
        count++;
    }

    private void keep(char[] source, int offset, int size) {
        if (length + size > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(chars.length + (chars.length >> 1), length + size));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        System.arraycopy(source, offset, chars, length, size);
        length += size;
        ends[count] = length;
    }

    @Override
    protected void setComment(char[] source, int offset, int size) {
        throw new IllegalStateException("comments are not read as such");
    }

    @Override
    protected void setEmpty() {
        kind = RecordType.EMPTY;
    }

    @Override
    protected RecordBuffer buildRecord() {
        return this;
    }
}
