package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How the values of each column become typed ones.
///
/// @param types  the type of each column
/// @param orders for each column of dates the order in which those are read that are not written as ISO 8601 has it;
/// null when there can be none
/// @param marks  for each column the pairs of marks of [MarkForm] that its numbers are read with, or 0
// One word for each column, compared by #givesLike.
@SuppressWarnings("ArrayRecordComponent")
record ValueReading(ColumnType[] types, @Nullable DateOrder[] orders, int[] marks) {
    /// That of an examined table.
    static ValueReading of(TableProfile profile) {
        int columns = profile.columns().size();
        var reading = new ValueReading(new ColumnType[columns], new DateOrder[columns], new int[columns]);
        for (int column = 0; column < columns; column++) {
            ColumnProfile its = profile.columns().get(column);
            ColumnType type = its.column().type();
            reading.types[column] = type;
            reading.marks[column] = its.numberMarks().map(MarkForm::mask).orElse(0);
            reading.orders[column] = type == ColumnType.DATE ? order(its) : null;
        }
        return reading;
    }

    private static @Nullable DateOrder order(ColumnProfile column) {
        if (column.demanded().isPresent()) {
            return column.dateOrder().orElse(null);
        }
        return column.dateFormat()
                .map(format -> format.startsWith("m") ? DateOrder.MDY : DateOrder.DMY)
                .orElse(null);
    }

    /// That of a table whose values were these.
    static ValueReading of(ColumnTally[] tallies) {
        int columns = tallies.length;
        var reading = new ValueReading(new ColumnType[columns], new DateOrder[columns], new int[columns]);
        for (int column = 0; column < columns; column++) {
            ColumnTally its = tallies[column];
            reading.types[column] = its.type();
            reading.marks[column] = its.marks();
            reading.orders[column] = its.type() == ColumnType.DATE ? order(its) : null;
        }
        return reading;
    }

    private static @Nullable DateOrder order(ColumnTally tally) {
        if (tally.isDemanded()) {
            return tally.told();
        }
        int form = tally.dateForm();
        return form == 0 ? null : DateForm.order(form);
    }

    int columns() {
        return types.length;
    }

    /// Whether another reading makes the same values of everything that both can read.
    boolean givesLike(ValueReading other) {
        if (columns() != other.columns()
                || !Arrays.equals(marks, other.marks)
                || !Arrays.equals(orders, other.orders)) {
            return false;
        }
        for (int column = 0; column < types.length; column++) {
            if (types[column] != other.types[column]
                    && !(isAsWritten(types[column]) && isAsWritten(other.types[column]))) {
                return false;
            }
        }
        return true;
    }

    /// Whether every value of a column that is of its type is kept as it is written.
    boolean isAsWritten(int column) {
        return isAsWritten(types[column]) || (types[column] == ColumnType.DATE && orders[column] == null);
    }

    private static boolean isAsWritten(ColumnType type) {
        return switch (type) {
            case TIME, UUID, JSON, TEXT -> true;
            case BOOLEAN, INTEGER, DECIMAL, DOUBLE, DATE, TIMESTAMP -> false;
        };
    }
}
