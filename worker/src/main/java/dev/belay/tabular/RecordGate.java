package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides whether a record is a row. Both walks over a file ask here, so they cannot disagree.
final class RecordGate {
    private static final int LOOKED_AT = 264;

    private final int columns;
    private final @Nullable ColumnType[] demanded;
    private final @Nullable DateOrder[] told;
    private final int[] marks;
    private final boolean demands;
    private final ValueForm form = new ValueForm();
    private final Utf8Check text = new Utf8Check();
    private int fault;
    private int badByte;

    /// @param demanded for each column the type its values must have, or null where any will do
    /// @param told     for each column the order of day and month that someone has told
    /// @param marks    for each column the pairs of marks of [MarkForm] that its numbers are read with, or 0
    RecordGate(@Nullable ColumnType[] demanded, @Nullable DateOrder[] told, int[] marks) {
        this.columns = demanded.length;
        this.told = told.clone();
        this.marks = marks.clone();
        this.demanded = demanded.clone();
        boolean any = false;
        for (ColumnType type : demanded) {
            any |= type != null && type != ColumnType.TEXT;
        }
        demands = any;
    }

    /// The gate through which the rows of a profile came.
    static RecordGate of(TableProfile profile) {
        int columns = profile.columns().size();
        @Nullable ColumnType[] demanded = new ColumnType[columns];
        @Nullable DateOrder[] told = new DateOrder[columns];
        int[] marks = new int[columns];
        for (int column = 0; column < columns; column++) {
            ColumnProfile its = profile.columns().get(column);
            demanded[column] = its.demanded().orElse(null);
            told[column] = its.dateOrder().orElse(null);
            marks[column] = its.numberMarks().map(MarkForm::mask).orElse(0);
        }
        return new RecordGate(demanded, told, marks);
    }

    /// Begins anew.
    void clear() {
        text.clear();
    }

    /// Whether a byte order mark stood inside the text of any record so far.
    boolean markSeen() {
        return text.markSeen();
    }

    /// @param cutter whose current record is asked for
    /// @param spans  where its fields are, from `to` on
    /// @return why it is no row, or null when it is one
    @Nullable RejectCode check(Cutter cutter, byte[] bytes, int[] spans, int to) {
        if (cutter.count() != columns) {
            return RejectCode.FIELD_COUNT;
        }
        if (!cutter.isAscii() && holdsBadBytes(bytes, spans, to)) {
            return RejectCode.ENCODING;
        }
        if (cutter.holdsNul()) {
            fault = fieldWithNul(bytes, spans, to);
            return RejectCode.NUL_CHARACTER;
        }
        return demands && isOfOtherType(bytes, spans, to) ? RejectCode.TYPE_MISMATCH : null;
    }

    private boolean holdsBadBytes(byte[] bytes, int[] spans, int to) {
        for (int field = 0; field < columns; field++) {
            int end = spans[to + 2 * field + 1];
            int bad = text.firstBad(bytes, spans[to + 2 * field], end);
            if (bad < end) {
                fault = field;
                badByte = bad;
                return true;
            }
        }
        return false;
    }

    private int fieldWithNul(byte[] bytes, int[] spans, int to) {
        for (int field = 0; field < columns; field++) {
            for (int at = spans[to + 2 * field]; at < spans[to + 2 * field + 1]; at++) {
                if (bytes[at] == 0) {
                    return field;
                }
            }
        }
        throw new IllegalStateException("U+0000 was seen in a record that has none");
    }

    private boolean isOfOtherType(byte[] bytes, int[] spans, int to) {
        for (int field = 0; field < columns; field++) {
            ColumnType type = demanded[field];
            int from = spans[to + 2 * field];
            int end = spans[to + 2 * field + 1];
            if (type == null || type == ColumnType.TEXT || from == end) {
                continue;
            }
            if (!fits(field, type, bytes, from, end)) {
                fault = field;
                return true;
            }
        }
        return false;
    }

    private boolean fits(int field, ColumnType type, byte[] bytes, int from, int end) {
        if (marks[field] == 0) {
            form.read(bytes, from, end);
        } else {
            form.read(bytes, from, end, marks[field]);
        }
        return form.fits(type, told[field]);
    }

    /// Counts all values of the record just refused for `TYPE_MISMATCH` that are not of their column's type.
    ///
    /// @param record its number in its chunk
    void count(Misfits misfits, Cutter cutter, int record, Window window, int[] spans, int to) {
        byte[] bytes = window.bytes();
        for (int field = fault; field < columns; field++) {
            ColumnType type = demanded[field];
            int from = spans[to + 2 * field];
            int end = spans[to + 2 * field + 1];
            if (type != null && type != ColumnType.TEXT && from < end && !fits(field, type, bytes, from, end)) {
                misfits.add(
                        field,
                        new FormTally.Example(
                                record,
                                cutter.line(),
                                window.base() + cutter.start(),
                                Utf8Check.excerpt(bytes, from, end, LOOKED_AT)));
            }
        }
    }

    /// The record just refused for `code`.
    ///
    /// @param record its number in its chunk
    Reject reject(RejectCode code, Cutter cutter, int record, Window window, int[] spans, int to) {
        long place = window.base() + cutter.start();
        byte[] bytes = window.bytes();
        if (code == RejectCode.FIELD_COUNT) {
            return new Reject(code, record, cutter.line(), place, cutter.count(), "", null);
        }
        int from = spans[to + 2 * fault];
        int end = spans[to + 2 * fault + 1];
        if (code == RejectCode.ENCODING) {
            long bad = window.base() + badByte + pairsBefore(bytes, from);
            return new Reject(
                    code, record, cutter.line(), bad, fault, Utf8Check.hex(bytes, badByte, end), demanded[fault]);
        }
        String value = Utf8Check.excerpt(bytes, from, end, LOOKED_AT);
        return new Reject(code, record, cutter.line(), place, fault, value, demanded[fault]);
    }

    /// How many quotes were taken out of the field before the bad byte: those left stand for two each.
    private int pairsBefore(byte[] bytes, int from) {
        boolean quoted = from > 0 && bytes[from - 1] == '"';
        int pairs = 0;
        for (int at = from; quoted && at < badByte; at++) {
            pairs += bytes[at] == '"' ? 1 : 0;
        }
        return pairs;
    }

    /// A record that is no row, numbered in its chunk.
    ///
    /// @param place  where in the file it begins, or its first bad byte stands
    /// @param field  the field at fault; for `FIELD_COUNT` how many there are
    /// @param detail the value, or the bad bytes
    record Reject(
            RejectCode code,
            long record,
            long line,
            long place,
            int field,
            String detail,
            @Nullable ColumnType demanded) {
        /// The same as people will read it.
        ///
        /// @param records how many records stand before the chunk
        /// @param lines   how many lines stand before the chunk
        RejectedRecord shown(List<String> titles, long records, long lines) {
            return RejectedRecords.of(this, titles, record + records, line + lines);
        }
    }
}
