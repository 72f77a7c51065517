package dev.belay.datastore.postgres;

import java.time.DateTimeException;
import java.time.LocalDate;

/// Reads times as they are written in ISO 8601, and tells the form they are written in, so that they can be
/// written back the same: minutes, seconds, or a fraction of one to six digits; without a zone, with `Z` or
/// with `+00:00`.
///
/// A form is a number: 0 for minutes, 1 for seconds, 1 and the number of its digits for a fraction; with
/// [#ZULU] or [#ZERO] added.
final class IsoTime {
    static final int NONE = -1;
    static final int SECONDS = 1;
    static final int ZULU = 8;
    static final int ZERO = 16;

    private static final int CLOCK = 7;
    private static final int MOST_DIGITS = 6;
    private static final int DATE_LENGTH = 10;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    /// PostgreSQL counts days from 2000-01-01 on.
    private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private long micros;

    static boolean isZoned(int form) {
        return form >= ZULU;
    }

    /// The form as `to_char` understands it, without the date.
    static String pattern(int form) {
        int clock = form & CLOCK;
        String digits = clock > SECONDS ? ".FF" + (clock - SECONDS) : "";
        String zone = (form & ZULU) != 0 ? "\"Z\"" : (form & ZERO) != 0 ? "\"+00:00\"" : "";
        return "HH24:MI" + (clock == 0 ? "" : ":SS") + digits + zone;
    }

    /// Days from 2000-01-01 to a date `2026-11-21`.
    ///
    /// @return whether it is one
    boolean readDate(byte[] source, int from, int end) {
        begin(source, from, end);
        return end - from == DATE_LENGTH && date();
    }

    /// @return the form of a time of day without a zone, or [#NONE]
    int readTime(byte[] source, int from, int end) {
        begin(source, from, end);
        int form = clock();
        return at == to ? form : NONE;
    }

    /// @return the form of a date and time, or [#NONE]
    int readTimestamp(byte[] source, int from, int end) {
        begin(source, from, end);
        if (end - from <= DATE_LENGTH || !date() || bytes[at] != 'T') {
            return NONE;
        }
        long day = micros;
        at++;
        int form = clock();
        if (form == NONE) {
            return NONE;
        }
        micros += day * MICROS_PER_DAY;
        return at == to ? form : zone(form);
    }

    /// Of a date the days since 2000-01-01, of a time the microseconds since midnight, of both since that day's
    /// midnight, in UTC where there is a zone.
    long number() {
        return micros;
    }

    private void begin(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = end;
        micros = 0;
    }

    private boolean date() {
        int year = 100 * two() + two();
        boolean dashed = is('-');
        int month = two();
        dashed &= is('-');
        int day = two();
        if (!dashed || year < 1 || month < 1 || day < 1) {
            return false;
        }
        try {
            micros = LocalDate.of(year, month, day).toEpochDay() - EPOCH_DAY;
            return true;
        } catch (DateTimeException noSuchDay) {
            return false;
        }
    }

    private int clock() {
        int hour = two();
        boolean colons = is(':');
        int minute = two();
        if (!colons || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return NONE;
        }
        micros = (hour * 60L + minute) * 60 * MICROS_PER_SECOND;
        if (at == to || bytes[at] != ':') {
            return 0;
        }
        at++;
        int second = two();
        if (second < 0 || second > 59) {
            return NONE;
        }
        micros += second * MICROS_PER_SECOND;
        return at < to && bytes[at] == '.' ? fraction() : SECONDS;
    }

    private int fraction() {
        int begin = ++at;
        long unit = MICROS_PER_SECOND;
        while (at < to && isDigit(bytes[at]) && at - begin < MOST_DIGITS) {
            unit /= 10;
            micros += unit * (bytes[at++] - '0');
        }
        boolean goesOn = at < to && isDigit(bytes[at]);
        return at == begin || goesOn ? NONE : SECONDS + at - begin;
    }

    private int zone(int form) {
        if (is('Z')) {
            return at == to ? form | ZULU : NONE;
        }
        boolean zero = is('+') && is('0') && is('0') && is(':') && is('0') && is('0') && at == to;
        return zero ? form | ZERO : NONE;
    }

    /// Two digits, or a number far below 0.
    private int two() {
        if (to - at < 2 || !isDigit(bytes[at]) || !isDigit(bytes[at + 1])) {
            return Short.MIN_VALUE;
        }
        int number = 10 * (bytes[at] - '0') + bytes[at + 1] - '0';
        at += 2;
        return number;
    }

    private boolean is(char mark) {
        if (at < to && bytes[at] == mark) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isDigit(byte symbol) {
        return symbol >= '0' && symbol <= '9';
    }
}
