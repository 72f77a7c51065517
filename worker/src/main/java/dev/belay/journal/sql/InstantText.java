package dev.belay.journal.sql;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/// Instants as text of one width: ISO 8601 in UTC with nine decimals, so that nothing is lost, the order of the texts
/// is the order of time, and a person can read them. (`Instant.toString` drops zeros, which breaks that order.)
final class InstantText {
    private static final DateTimeFormatter NINE_DECIMALS =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private InstantText() {}

    static String of(Instant instant) {
        return NINE_DECIMALS.format(instant);
    }

    static Instant read(String text) {
        return Instant.parse(text);
    }
}
