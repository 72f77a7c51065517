package dev.belay.datastore;

import dev.belay.job.ColumnType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// How a published value looks after its column became wider: written as it would have been had the column always
/// been that wide. Values are `Long`, `Double` or `String`, as a [dev.belay.job.RowSink] is given them.
public final class Widening {
    private Widening() {}

    /// The value under the wider type.
    ///
    /// Numbers become decimals and texts as they are written; doubles in Java's shortest form; booleans as `true`
    /// and `false`.
    ///
    /// @throws IllegalArgumentException when `to` is not [ColumnType#widenedWith] of `from` and something
    public static @Nullable Object widened(@Nullable Object value, ColumnType from, ColumnType to) {
        if (value == null || from == to) {
            return value;
        }
        return switch (to) {
            case TEXT -> from == ColumnType.BOOLEAN ? String.valueOf(value.equals(1L)) : value.toString();
            case DECIMAL -> {
                if (from != ColumnType.INTEGER) {
                    throw notWider(from, to);
                }
                yield value.toString();
            }
            case BOOLEAN, INTEGER, DOUBLE, DATE, TIME, TIMESTAMP, UUID, JSON -> throw notWider(from, to);
        };
    }

    /// A decimal kept as a double, written without exponent and without trailing zeros: `7`, `1.5`, `-0.001`.
    public static String plainDecimal(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        return decimal.signum() == 0 ? "0" : decimal.toPlainString();
    }

    private static IllegalArgumentException notWider(ColumnType from, ColumnType to) {
        return new IllegalArgumentException(to.label() + " is not wider than " + from.label());
    }
}
