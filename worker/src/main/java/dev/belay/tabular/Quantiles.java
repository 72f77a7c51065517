package dev.belay.tabular;

import dev.belay.job.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads quantiles off a sample.
final class Quantiles {
    private static final double[] PARTS = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final int DAY = 86_400;

    private Quantiles() {}

    /// @param sorted what orders the values
    /// @param forms  the forms all values have
    static Map<String, String> of(double[] sorted, ColumnType type, int forms) {
        Map<String, String> quantiles = new LinkedHashMap<>();
        boolean isOrdered = switch (type) {
            case INTEGER, DECIMAL, DOUBLE, DATE, TIMESTAMP -> true;
            case BOOLEAN, TIME, UUID, JSON, TEXT -> false;
        };
        if (isOrdered && sorted.length > 0) {
            for (double part : PARTS) {
                int rank = (int) Math.ceil(part * sorted.length);
                quantiles.put(Double.toString(part), shown(sorted[rank - 1], type, forms));
            }
        }
        return quantiles;
    }

    /// How far a rank may be off in 19 of 20 cases when only so many of the values were looked at.
    static double error(double[] sorted, int level) {
        return level == 0 || sorted.length == 0 ? 0 : Math.ceil(98 / Math.sqrt(sorted.length)) / 100;
    }

    private static String shown(double value, ColumnType type, int forms) {
        return switch (type) {
            case INTEGER -> new BigDecimal(value).toPlainString();
            case DECIMAL -> BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
            case DATE -> LocalDate.ofEpochDay(Math.floorDiv((long) value, DAY)).toString();
            case TIMESTAMP -> moment(value, (forms & ValueForm.ZONED_TIMESTAMP) != 0);
            case DOUBLE, BOOLEAN, TIME, UUID, JSON, TEXT -> Double.toString(value);
        };
    }

    private static String moment(double seconds, boolean zoned) {
        var instant = Instant.ofEpochSecond((long) Math.floor(seconds));
        return zoned
                ? instant.toString()
                : LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
    }
}
