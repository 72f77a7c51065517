package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Decides whether a record is a row, and reads its values in the types their columns must have. Both walks over a file
/// ask here, so they cannot disagree.
final class TypedRecord {
    private static final char INNER_MARK = '\uFEFF';

    private final List<String> titles;
    private final @Nullable ColumnType[] demanded;
    private final long[] wholes;
    private final double[] reals;
    private final ValueForm form = new ValueForm();
    private int fault;
    private boolean markSeen;

    /// @param titles   the header
    /// @param demanded for each column the type its values must have, or null where any will do
    TypedRecord(List<String> titles, @Nullable ColumnType[] demanded) {
        this.titles = titles;
        this.demanded = demanded.clone();
        this.wholes = new long[demanded.length];
        this.reals = new double[demanded.length];
    }

    /// Reads the current record.
    ///
    /// @return why it is no row, or null when it is one
    @Nullable RejectCode read(RecordBuffer buffer) {
        if (buffer.count() != demanded.length) {
            return RejectCode.FIELD_COUNT;
        }
        if (holdsNul(buffer)) {
            return RejectCode.NUL_CHARACTER;
        }
        for (int field = 0; field < demanded.length; field++) {
            ColumnType type = demanded[field];
            if (type != null && type != ColumnType.TEXT && !buffer.isNull(field) && !take(buffer, field, type)) {
                fault = field;
                return RejectCode.TYPE_MISMATCH;
            }
        }
        return null;
    }

    /// A value of the last row in a `BOOLEAN` or `INTEGER` column.
    long whole(int column) {
        return wholes[column];
    }

    /// A value of the last row in a `DOUBLE` column.
    double real(int column) {
        return reals[column];
    }

    /// A value of the last row in a `TIMESTAMP` column, as it is kept.
    String iso(RecordBuffer buffer, int column) {
        form.read(buffer.chars(), buffer.from(column), buffer.to(column));
        return form.time().iso(buffer.from(column));
    }

    /// Whether a byte order mark stood inside the text of any record so far.
    boolean markSeen() {
        return markSeen;
    }

    /// The current record, just refused for `code`, with its place and a sentence.
    RejectedRecord rejected(RejectCode code, RecordBuffer buffer, long record) {
        String where = "record %d (line %d)".formatted(record, buffer.line());
        return switch (code) {
            case FIELD_COUNT ->
                new RejectedRecord(
                        Place.atRecord(record, buffer.line()),
                        code,
                        "%s has %d fields, the header has %d".formatted(where, buffer.count(), demanded.length));
            case NUL_CHARACTER ->
                new RejectedRecord(
                        place(buffer, record),
                        code,
                        "%s, column %s: the value holds the character U+0000".formatted(where, column()));
            case TYPE_MISMATCH ->
                new RejectedRecord(
                        place(buffer, record),
                        code,
                        "%s, column %s: %s is not %s"
                                .formatted(where, column(), Quoted.of(buffer.text(fault)), described(demanded[fault])));
        };
    }

    private boolean holdsNul(RecordBuffer buffer) {
        char[] chars = buffer.chars();
        int length = buffer.length();
        for (int at = 0; at < length; at++) {
            char character = chars[at];
            if (character == 0) {
                fault = 0;
                while (buffer.to(fault) <= at) {
                    fault++;
                }
                return true;
            }
            markSeen |= character == INNER_MARK;
        }
        return false;
    }

    private boolean take(RecordBuffer buffer, int field, ColumnType type) {
        form.read(buffer.chars(), buffer.from(field), buffer.to(field));
        if (!form.fits(type)) {
            return false;
        }
        switch (type) {
            case BOOLEAN -> wholes[field] = form.truth() ? 1 : 0;
            case INTEGER -> wholes[field] = form.number().whole();
            case DOUBLE -> reals[field] = form.real();
            case DECIMAL, DATE, TIMESTAMP, TEXT -> {
                // Kept as text.
            }
        }
        return true;
    }

    private String column() {
        return Quoted.of(titles.get(fault));
    }

    private static String described(@Nullable ColumnType type) {
        String label = type == null ? "value" : type.label();
        return (label.startsWith("i") ? "an " : "a ") + label;
    }

    private Place place(RecordBuffer buffer, long record) {
        return new Place(
                OptionalLong.of(record),
                OptionalLong.of(buffer.line()),
                OptionalLong.empty(),
                Optional.of(Excerpt.of(titles.get(fault))),
                Optional.of(Excerpt.of(buffer.text(fault))));
    }
}
