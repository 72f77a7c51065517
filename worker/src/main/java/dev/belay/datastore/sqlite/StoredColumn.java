package dev.belay.datastore.sqlite;

import dev.belay.datastore.Widening;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A column as SQLite keeps it.
///
/// The declared type decides SQLite's affinity, and with it what SQLite would do to a value by itself: TEXT never turns
/// `007` into a number; INTEGER, REAL and BOOLEAN are only given numbers; DATE and TIMESTAMP have numeric affinity,
/// which leaves everything alone that is not a plain number, and ISO 8601 never is one. (SQLite, "Datatypes in SQLite",
/// 3.1.)
///
/// @param declared the type in the table's schema
record StoredColumn(Column column, String declared) {
    private static final String REAL = "REAL";
    private static final String TEXT = "TEXT";

    // Every decimal of so many digits comes back from the nearest double's shortest form (IEEE 754: 15 for binary64),
    // as long as the double is a normal one, which the scale makes sure of.
    private static final int EXACT_DIGITS = 15;
    private static final int EXACT_SCALE = 100;

    /// The largest whole number that is kept in a REAL column.
    static final long EXACT_WHOLE = 999_999_999_999_999L;

    /// The column of a table that is made from nothing. A decimal whose digits are not known is kept as text.
    static StoredColumn of(Column column) {
        return new StoredColumn(
                column,
                switch (column.type()) {
                    case BOOLEAN -> "BOOLEAN";
                    case INTEGER -> "INTEGER";
                    case DOUBLE -> REAL;
                    case DECIMAL -> isExactAsDouble(column) ? REAL : TEXT;
                    case DATE -> "DATE";
                    case TIMESTAMP -> "TIMESTAMP";
                    // Words without an affinity to numbers could turn a text that looks like one into it: none does.
                    case TIME, UUID, JSON, TEXT -> TEXT;
                });
    }

    private static boolean isExactAsDouble(Column column) {
        return column.precision() >= 1 && column.precision() <= EXACT_DIGITS && column.scale() <= EXACT_SCALE;
    }

    StoredColumn asText() {
        return new StoredColumn(column, TEXT);
    }

    boolean isDecimalAsDouble() {
        return column.type() == ColumnType.DECIMAL && declared.equals(REAL);
    }

    /// What is bound for a value in its storage form.
    ///
    /// @throws IllegalArgumentException when a decimal has more digits than its column says
    @Nullable Object stored(@Nullable Object value) {
        return value instanceof String text && isDecimalAsDouble() ? exactDouble(text) : value;
    }

    /// The double for a decimal of a column that keeps them so.
    ///
    /// @throws IllegalArgumentException when it has more digits than its column says
    double exactDouble(String text) {
        double number = Double.parseDouble(text);
        boolean exact = text.length() <= EXACT_DIGITS
                || new BigDecimal(Widening.plainDecimal(number)).compareTo(new BigDecimal(text)) == 0;
        if (!exact) {
            throw new IllegalArgumentException("column \"%s\" has more digits than the %d it was given"
                    .formatted(column.name(), column.precision()));
        }
        return number;
    }

    /// The value of a result's column in its storage form.
    @Nullable Object read(ResultSet results, int at) throws SQLException {
        Object value = switch (column.type()) {
            case BOOLEAN, INTEGER -> results.getLong(at);
            case DOUBLE -> results.getDouble(at);
            case DECIMAL -> isDecimalAsDouble() ? Widening.plainDecimal(results.getDouble(at)) : results.getString(at);
            case DATE, TIME, TIMESTAMP, UUID, JSON, TEXT -> results.getString(at);
        };
        return results.wasNull() ? null : value;
    }
}
