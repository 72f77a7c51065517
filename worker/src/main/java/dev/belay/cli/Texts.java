package dev.belay.cli;

import dev.belay.schemas.EventData;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers and times as people read them.
final class Texts {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final long KILO = 1000;

    private Texts() {}

    static String count(long number, EventData.Progress.Unit unit) {
        return switch (unit) {
            case BYTES -> bytes(number);
            case ROWS -> rows(number);
        };
    }

    static String rows(long number) {
        return "%,d %s".formatted(number, number == 1 ? "row" : "rows");
    }

    static String records(long number) {
        return "%,d %s".formatted(number, number == 1 ? "record" : "records");
    }

    static String bytes(long number) {
        if (number < KILO) {
            return number + " B";
        }
        double value = number;
        String units = "kMGTPE";
        int unit = -1;
        while (value >= KILO && unit < units.length() - 1) {
            value /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, units.charAt(unit));
    }

    static String millis(long number) {
        return number < KILO ? number + " ms" : String.format(Locale.ROOT, "%.1f s", number / (double) KILO);
    }

    static String clock(Instant instant) {
        return CLOCK.format(instant.atZone(ZoneId.systemDefault()));
    }

    /// Day and time, here.
    static String when(Instant instant) {
        return DAY_AND_CLOCK.format(instant.atZone(ZoneId.systemDefault()));
    }

    /// `1 job`, `2 jobs`.
    static String count(int number, String thing) {
        return "%,d %s%s".formatted(number, thing, number == 1 ? "" : "s");
    }
}
