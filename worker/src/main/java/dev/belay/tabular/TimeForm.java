package dev.belay.tabular;

/// Reads one value as a date or a point in time in ISO 8601, without building a string.
///
/// Date: `2026-11-21`, a day that exists, years 0001 to 9999. Time: the date, `T` or a blank, `10:30`, optionally
/// `:59`, optionally `.` and up to 9 digits, optionally `Z` or an offset `+01`, `+0100`, `+01:00` below 16 hours. No
/// 24:00, no second 60.
final class TimeForm {
    /// Room for the longest time: nine digits of a fraction and an offset.
    static final int LONGEST = 36;

    private static final int DATE_LENGTH = 10;
    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int MOST_OFFSET_HOURS = 15;

    // What stands between the digits of `2026-11-`, and where.
    private static final long DATE_SHAPE = 0x2D30_302D_3030_3030L;
    private static final long DATE_MARKS = 0xFF00_00FF_0000_0000L;

    private byte[] bytes = new byte[0];
    private int to;
    private int zoneAt;
    private long second;
    private int nano;
    // The last date that was one: in a file many follow each other.
    private long lastMonth;
    private int lastDay = -2;
    private long midnight;

    /// @return the form of [ValueForm] the value has: `DATE`, `LOCAL_TIMESTAMP`, `ZONED_TIMESTAMP` or none, and for
    /// both of these `ANY_TIMESTAMP`
    int read(byte[] source, int from, int end) {
        bytes = source;
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

    /// @return the form `TIME` when the value is a time of day without a zone, else none
    int readTime(byte[] source, int from, int end) {
        bytes = source;
        to = end;
        nano = 0;
        second = 0;
        return (time(from) & ValueForm.LOCAL_TIMESTAMP) != 0 ? ValueForm.TIME : 0;
    }

    /// Seconds since 1970 of the last value; in UTC where it has a zone, as if it were UTC where it has none.
    long second() {
        return second;
    }

    /// The fraction of that second.
    int nano() {
        return nano;
    }

    /// Writes the last value, which was a time and started at `from`, in ISO 8601: with `T`, and an offset with its
    /// colon.
    ///
    /// @param iso room for 36 bytes
    /// @return how many were written
    int iso(int from, byte[] iso) {
        int length = to - from;
        System.arraycopy(bytes, from, iso, 0, length);
        iso[DATE_LENGTH] = 'T';
        int zone = to - zoneAt;
        if (zone == 3) {
            iso[length] = ':';
            iso[length + 1] = '0';
            iso[length + 2] = '0';
            return length + 3;
        }
        if (zone == 5) {
            iso[length] = iso[length - 1];
            iso[length - 1] = iso[length - 2];
            iso[length - 2] = ':';
            return length + 1;
        }
        return length;
    }

    private boolean date(int from) {
        long word = Words.at(bytes, from) ^ DATE_SHAPE;
        int day = pair(from + 8);
        if (word != lastMonth || day != lastDay) {
            if ((Words.notDigits(word) | (word & DATE_MARKS)) != 0) {
                return false;
            }
            // Two digits to the lower byte of each pair.
            long pairs = word * 10 + (word >>> 8);
            int year = (int) (pairs & 0xFF) * 100 + (int) (pairs >>> 16 & 0xFF);
            int month = (int) (pairs >>> 40 & 0xFF);
            if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
                return false;
            }
            lastMonth = word;
            lastDay = day;
            midnight = epochDay(year, month, day) * 86_400;
        }
        second = midnight;
        return true;
    }

    static int daysOf(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return MONTH_DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
    }

    private int time(int from) {
        int hour = to - from < 5 || bytes[from + 2] != ':' ? -1 : pair(from);
        int minute = hour < 0 ? -1 : pair(from + 3);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return 0;
        }
        int at = from + 5;
        int seconds = 0;
        if (at < to && bytes[at] == ':') {
            seconds = to - at < 3 ? -1 : pair(at + 1);
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
        return at == to ? ValueForm.LOCAL_TIMESTAMP | ValueForm.ANY_TIMESTAMP : zone(at);
    }

    /// @return where the fraction ends, or -1 when it is none
    private int fraction(int from) {
        if (from == to || bytes[from] != '.') {
            return from;
        }
        int at = from + 1;
        int weight = 100_000_000;
        while (at < to && at - from <= 9 && bytes[at] >= '0' && bytes[at] <= '9') {
            nano += (bytes[at] - '0') * weight;
            weight /= 10;
            at++;
        }
        return at == from + 1 ? -1 : at;
    }

    private int zone(int from) {
        int length = to - from;
        if (length == 1) {
            return bytes[from] == 'Z' ? ValueForm.ZONED_TIMESTAMP | ValueForm.ANY_TIMESTAMP : 0;
        }
        boolean colon = length == 6 && bytes[from + 3] == ':';
        if ((bytes[from] != '+' && bytes[from] != '-') || !(length == 3 || length == 5 || colon)) {
            return 0;
        }
        int hours = pair(from + 1);
        int minutes = length == 3 ? 0 : pair(to - 2);
        if (hours < 0 || hours > MOST_OFFSET_HOURS || minutes < 0 || minutes > 59) {
            return 0;
        }
        int offset = hours * 3600 + minutes * 60;
        second += bytes[from] == '-' ? offset : -offset;
        return ValueForm.ZONED_TIMESTAMP | ValueForm.ANY_TIMESTAMP;
    }

    /// @return the number of two digits, or -1 when one of the characters is none
    private int pair(int from) {
        int tens = bytes[from] - '0';
        int ones = bytes[from + 1] - '0';
        return (tens | ones) < 0 || tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /// Days since 1970 in the Gregorian calendar: whole years counted from March, so that the leap day comes
    /// last.
    static long epochDay(int year, int month, int day) {
        int shifted = month > 2 ? year : year - 1;
        int fromMarch = (month + 9) % 12;
        long days = 365L * shifted + shifted / 4 - shifted / 100 + shifted / 400;
        return days + (fromMarch * 153 + 2) / 5 + day - 1 - 719_468;
    }
}
