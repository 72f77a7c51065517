package dev.belay.format;

import java.math.BigDecimal;
import java.time.LocalDate;

/// The numbers of workbooks as text: shortest decimals for numbers, ISO 8601 for days counted from an epoch.
///
/// Excel's first calendar (1900) has a 29 February 1900 that never was, as day 60; it is kept as the text that people
/// see. Its second (1904) begins four years later.
///
/// @param from1904 which calendar
record SerialNumbers(boolean from1904) {
    private static final long MILLIS_A_DAY = 86_400_000L;
    private static final long LAST_DAY = 2_958_465;
    private static final LocalDate EPOCH_1904 = LocalDate.of(1904, 1, 1);
    private static final LocalDate EPOCH_1900 = LocalDate.of(1899, 12, 30);

    /// @param raw as it is written in the file
    String text(String raw, NumberFormat format) {
        if (format == NumberFormat.NUMBER && isShortest(raw)) {
            return raw;
        }
        try {
            return text(Double.parseDouble(raw.strip()), format);
        } catch (NumberFormatException none) {
            return raw;
        }
    }

    /// Whether a number is written as [#plain] would write it: plain, at most 15 digits, no zero too many. Asked for
    /// every cell, so no pattern is matched.
    private static boolean isShortest(String raw) {
        int first = raw.startsWith("-") ? 1 : 0;
        int point = -1;
        for (int at = first; at < raw.length(); at++) {
            char one = raw.charAt(at);
            if (one == '.' && point < 0) {
                point = at;
            } else if (one < '0' || one > '9') {
                return false;
            }
        }
        int length = raw.length() - first;
        if (length == 0 || length > 15 || point == first || point == raw.length() - 1) {
            return false;
        }
        boolean leadingZero = raw.charAt(first) == '0';
        if (point < 0) {
            return !leadingZero || (length == 1 && first == 0);
        }
        // Below a thousandth the shortest form has to be asked for.
        return (!leadingZero || (point == first + 1 && !raw.startsWith("000", point + 1)))
                && raw.charAt(raw.length() - 1) != '0';
    }

    String text(double number, NumberFormat format) {
        return switch (format) {
            case NUMBER -> plain(number);
            case DURATION -> number < 0 ? plain(number) : clock(Math.round(number * MILLIS_A_DAY));
            case DATE, TIME, DATE_AND_TIME -> moment(number, format);
        };
    }

    /// The shortest decimal that is the same double; written out where that is not long.
    static String plain(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        double size = Math.abs(number);
        return size >= 1e-7 && size < 1e21
                ? new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }

    /// As [#plain], also for what is no number.
    static String shortest(double number) {
        return Double.isFinite(number) ? plain(number) : Double.toString(number);
    }

    private String moment(double number, NumberFormat format) {
        if (!(number >= 0 && number < LAST_DAY + 1)) {
            return plain(number);
        }
        long days = (long) Math.floor(number);
        long millis = Math.round((number - days) * MILLIS_A_DAY);
        if (millis == MILLIS_A_DAY) {
            days++;
            millis = 0;
        }
        if (days == 0 && !from1904) {
            return clock(millis);
        }
        boolean date = format == NumberFormat.DATE && millis == 0;
        if (days == 60 && !from1904) {
            return "1900-02-29" + (date ? "" : "T" + clock(millis));
        }
        LocalDate day = from1904 ? EPOCH_1904.plusDays(days) : EPOCH_1900.plusDays(days < 60 ? days + 1 : days);
        if (format == NumberFormat.TIME && from1904 && days == 0) {
            return clock(millis);
        }
        return date ? day.toString() : day + "T" + clock(millis);
    }

    private static String clock(long millis) {
        long seconds = millis / 1000;
        String clock = "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
        long rest = millis % 1000;
        return rest == 0 ? clock : (clock + ".%03d".formatted(rest)).replaceFirst("0+$", "");
    }
}
