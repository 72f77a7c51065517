package dev.belay.tabular;

/// Reads one value as a date or a point in time in ISO 8601, without building a string.
///
/// Date: `2026-11-21`, a day that exists, years 0001 to 9999. Time: the date, `T` or a blank, `10:30`, optionally
/// `:59`, optionally `.` and up to 9 digits, optionally `Z` or an offset `+01`, `+0100`, `+01:00` below 16 hours. No
/// 24:00, no second 60.
final class TimeForm {
    private static final int DATE_LENGTH = 10;
    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int MOST_OFFSET_HOURS = 15;

    private char[] chars = new char[0];
    private int to;
    private int zoneAt;
    private long second;
    private int nano;

    /// @return the form of [ValueForm] the value has: `DATE`, `LOCAL_TIMESTAMP`, `ZONED_TIMESTAMP` or none
    int read(char[] source, int from, int end) {
        chars = source;
        to = end;
        zoneAt = end;
        nano = 0;
        if (end - from < DATE_LENGTH || !date(from)) {
            return 0;
        }
        int at = from + DATE_LENGTH;
        if (at == end) {
            return ValueForm.DATE;
        }
        if (source[at] != 'T' && source[at] != ' ') {
            return 0;
        }
        return time(at + 1);
    }

    /// Seconds since 1970 of the last value; in UTC where it has a zone, as if it were UTC where it has none.
    long second() {
        return second;
    }

    /// The fraction of that second.
    int nano() {
        return nano;
    }

    /// The last value, which was a time and started at `from`, in ISO 8601: with `T`, and an offset with its
    /// colon.
    String iso(int from) {
        var iso = new StringBuilder(to - from + 3)
                .append(chars, from, DATE_LENGTH)
                .append('T')
                .append(chars, from + DATE_LENGTH + 1, zoneAt - from - DATE_LENGTH - 1);
        if (zoneAt == to || chars[zoneAt] == 'Z') {
            return iso.append(chars, zoneAt, to - zoneAt).toString();
        }
        iso.append(chars, zoneAt, 3).append(':');
        return to - zoneAt == 3
                ? iso.append("00").toString()
                : iso.append(chars, to - 2, 2).toString();
    }

    private boolean date(int from) {
        int year = number(from, 4);
        int month = number(from + 5, 2);
        int day = number(from + 8, 2);
        if (chars[from + 4] != '-' || chars[from + 7] != '-' || year < 1 || month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (day > MONTH_DAYS[month - 1] + (month == 2 && leap ? 1 : 0)) {
            return false;
        }
        second = epochDay(year, month, day) * 86_400;
        return true;
    }

    private int time(int from) {
        int hour = to - from < 5 || chars[from + 2] != ':' ? -1 : number(from, 2);
        int minute = hour < 0 ? -1 : number(from + 3, 2);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return 0;
        }
        int at = from + 5;
        int seconds = 0;
        if (at < to && chars[at] == ':') {
            seconds = to - at < 3 ? -1 : number(at + 1, 2);
            if (seconds < 0 || seconds > 59) {
                return 0;
            }
            at = fraction(at + 3);
        }
        if (at < 0) {
            return 0;
        }
        second += hour * 3600 + minute * 60 + seconds;
        zoneAt = at;
        return at == to ? ValueForm.LOCAL_TIMESTAMP : zone(at);
    }

    /// @return where the fraction ends, or -1 when it is none
    private int fraction(int from) {
        if (from == to || chars[from] != '.') {
            return from;
        }
        int at = from + 1;
        int weight = 100_000_000;
        while (at < to && at - from <= 9 && chars[at] >= '0' && chars[at] <= '9') {
            nano += (chars[at] - '0') * weight;
            weight /= 10;
            at++;
        }
        return at == from + 1 ? -1 : at;
    }

    private int zone(int from) {
        int length = to - from;
        if (length == 1) {
            return chars[from] == 'Z' ? ValueForm.ZONED_TIMESTAMP : 0;
        }
        boolean colon = length == 6 && chars[from + 3] == ':';
        if ((chars[from] != '+' && chars[from] != '-') || !(length == 3 || length == 5 || colon)) {
            return 0;
        }
        int hours = number(from + 1, 2);
        int minutes = length == 3 ? 0 : number(to - 2, 2);
        if (hours < 0 || hours > MOST_OFFSET_HOURS || minutes < 0 || minutes > 59) {
            return 0;
        }
        int offset = hours * 3600 + minutes * 60;
        second += chars[from] == '-' ? offset : -offset;
        return ValueForm.ZONED_TIMESTAMP;
    }

    /// @return the number, or -1 when one of the characters is no digit
    private int number(int from, int digits) {
        int value = 0;
        for (int at = from; at < from + digits; at++) {
            char character = chars[at];
            if (character < '0' || character > '9') {
                return -1;
            }
            value = value * 10 + character - '0';
        }
        return value;
    }

    /// Days since 1970 in the Gregorian calendar: whole years counted from March, so that the leap day comes
    /// last.
    private static long epochDay(int year, int month, int day) {
        int shifted = month > 2 ? year : year - 1;
        int fromMarch = (month + 9) % 12;
        long days = 365L * shifted + shifted / 4 - shifted / 100 + shifted / 400;
        return days + (fromMarch * 153 + 2) / 5 + day - 1 - 719_468;
    }
}
