package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.JobFailure;
import dev.belay.job.RowSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Gives the fields of records to a sink as typed values. Used by one thread.
final class RowGiver {
    /// What [#give] returns when the whole row was given.
    static final int WHOLE = -1;

    private final ColumnType[] types;
    private final @Nullable DateOrder[] orders;
    private final int[] marks;
    // Columns whose values are given as they are, unseen.
    private final boolean[] asWritten;
    private final ValueForm form = new ValueForm();
    private final byte[] iso = new byte[TimeForm.LONGEST];

    /// @param proven whether someone else sees to it that values are of the columns' types: then those that are kept
    /// as they are written are not looked at
    RowGiver(ValueReading reading, boolean proven) {
        types = reading.types();
        orders = reading.orders();
        marks = reading.marks();
        asWritten = new boolean[types.length];
        for (int column = 0; column < types.length; column++) {
            asWritten[column] = types[column] == ColumnType.TEXT || (proven && reading.isAsWritten(column));
        }
    }

    /// Gives one record, unless a value of it is not of its column's type.
    ///
    /// @param spans where its fields are in `source`
    /// @return the column that has such a value, after which the row is not complete; else [#WHOLE]
    int give(byte[] source, int[] spans, RowSink sink) throws JobFailure, IOException {
        for (int column = 0; column < types.length; column++) {
            int from = spans[2 * column];
            int to = spans[2 * column + 1];
            if (from == to) {
                sink.nothing(column);
            } else if (asWritten[column]) {
                sink.text(column, source, from, to);
            } else if (!giveTyped(sink, column, source, from, to)) {
                return column;
            }
        }
        sink.endRow();
        return WHOLE;
    }

    /// Gives one row of a batch, likewise; numbers that it has kept are not read again.
    int give(Batch batch, int row, RowSink sink) throws JobFailure, IOException {
        byte[] source = batch.bytes();
        int[] spans = batch.spans;
        int span = batch.at(row);
        for (int column = 0; column < types.length; column++) {
            int from = spans[span];
            int to = spans[span + 1];
            span += 2;
            if (from == to) {
                sink.nothing(column);
            } else if (asWritten[column]) {
                sink.text(column, source, from, to);
            } else if (batch.isKept(column) && isNumber(types[column])) {
                int at = batch.numbersOf(column) + row;
                if (!giveKept(sink, column, source, from, to, batch.digits[at], batch.scales[at])) {
                    return column;
                }
            } else if (!giveTyped(sink, column, source, from, to)) {
                return column;
            }
        }
        sink.endRow();
        return WHOLE;
    }

    private static boolean isNumber(ColumnType type) {
        return type == ColumnType.INTEGER || type == ColumnType.DECIMAL;
    }

    private boolean giveKept(RowSink sink, int column, byte[] source, int from, int to, long digits, int scale) {
        if (scale == Batch.NO_NUMBER || (types[column] == ColumnType.INTEGER && scale != 0)) {
            return false;
        }
        if (types[column] == ColumnType.INTEGER) {
            sink.integer(column, digits);
        } else if (scale >= 0 && digits < NumberForm.LARGE && digits > -NumberForm.LARGE) {
            sink.decimal(column, source, from, to, digits, scale);
        } else {
            sink.text(column, source, from, to);
        }
        return true;
    }

    private boolean giveTyped(RowSink sink, int column, byte[] source, int from, int to) {
        return isNumber(types[column])
                ? giveNumber(sink, column, source, from, to)
                : giveOther(sink, column, source, from, to);
    }

    private boolean giveNumber(RowSink sink, int column, byte[] source, int from, int to) {
        int pairs = marks[column];
        int forms = pairs == 0 ? form.number().read(source, from, to) : form.read(source, from, to, pairs);
        if ((forms & ValueForm.formsOf(types[column])) == 0) {
            return false;
        }
        if (types[column] == ColumnType.INTEGER) {
            sink.integer(column, form.number().whole());
        } else if (pairs == 0) {
            giveDecimal(sink, column, source, from, to);
        } else {
            giveDecimal(sink, column, form.plain(), 0, form.plainSize());
        }
        return true;
    }

    private void giveDecimal(RowSink sink, int column, byte[] source, int from, int to) {
        NumberForm number = form.number();
        long size = number.unscaled();
        if (number.isSmall() && size < NumberForm.LARGE && size > -NumberForm.LARGE) {
            sink.decimal(column, source, from, to, size, number.scale());
        } else {
            sink.text(column, source, from, to);
        }
    }

    private boolean giveOther(RowSink sink, int column, byte[] source, int from, int to) {
        DateOrder order = orders[column];
        int pairs = marks[column];
        int forms = pairs == 0 ? form.read(source, from, to) : form.read(source, from, to, pairs);
        boolean isIso = (forms & ValueForm.DATE) != 0;
        if (!form.fits(types[column], order)) {
            return false;
        }
        switch (types[column]) {
            case BOOLEAN -> sink.integer(column, form.truth() ? 1 : 0);
            case DOUBLE -> sink.real(column, form.real());
            case TIMESTAMP -> sink.text(column, iso, 0, form.time().iso(from, iso));
            case DATE -> {
                if (isIso || order == null) {
                    sink.text(column, source, from, to);
                } else {
                    sink.text(column, iso, 0, form.date().iso(order, iso));
                }
            }
            case INTEGER, DECIMAL, TIME, UUID, JSON, TEXT -> sink.text(column, source, from, to);
        }
        return true;
    }
}
