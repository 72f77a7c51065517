package dev.belay.tabular;

import dev.belay.job.DateOrder;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one value as a date that is not written as ISO 8601 has it.
///
/// Day, month and a year of four digits with `/` or `-` between them, the day or the month first; day, month, year with
/// `.`; year, month, day with `/`; day, English month of three letters, year with `-` or a blank. Days and months have
/// one digit or two. Years of two digits are no dates: nobody can know their century.
final class DateForm {
    static final int DASHED = ValueForm.DASH_DMY | ValueForm.DASH_MDY;
    static final int SLASHED = ValueForm.SLASH_DMY | ValueForm.SLASH_MDY;

    private static final int SHORTEST = 8;
    private static final int LONGEST = 11;
    private static final int NONE = -1;
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final int DAY_FIRST =
            ValueForm.SLASH_DMY | ValueForm.DASH_DMY | ValueForm.DOT_DMY | ValueForm.SLASH_YMD | ValueForm.NAMED_MONTH;
    private static final Map<Integer, String> NAMES = Map.of(
            ValueForm.SLASH_DMY, "d/m/y",
            ValueForm.SLASH_MDY, "m/d/y",
            ValueForm.DASH_DMY, "d-m-y",
            ValueForm.DASH_MDY, "m-d-y",
            ValueForm.DOT_DMY, "d.m.y",
            ValueForm.SLASH_YMD, "y/m/d",
            ValueForm.NAMED_MONTH, "d-MMM-y");

    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private int year;
    private int dayFirst;
    private int monthFirst;

    /// @return the forms of [ValueForm] the value has, or 0
    int read(byte[] source, int from, int end) {
        int length = end - from;
        if (length < SHORTEST || length > LONGEST) {
            return 0;
        }
        bytes = source;
        at = from;
        to = end;
        dayFirst = NONE;
        monthFirst = NONE;
        int first = number(4);
        int digits = at - from;
        byte separator = at < to ? bytes[at] : 0;
        if (digits == 4) {
            return separator == '/' ? yearFirst(first) : 0;
        }
        if (digits < 1 || digits > 2) {
            return 0;
        }
        at++;
        return switch (separator) {
            case '/' -> twoNumbers(first, separator, ValueForm.SLASH_DMY, ValueForm.SLASH_MDY);
            case '.' -> twoNumbers(first, separator, ValueForm.DOT_DMY, 0);
            case '-' ->
                isLetter()
                        ? named(first, separator)
                        : twoNumbers(first, separator, ValueForm.DASH_DMY, ValueForm.DASH_MDY);
            case ' ' -> named(first, separator);
            default -> 0;
        };
    }

    private int yearFirst(int its) {
        year = its;
        at++;
        int month = shortNumber();
        if (month == NONE || at >= to || bytes[at++] != '/') {
            return 0;
        }
        int day = shortNumber();
        return day != NONE && at == to && isDay(year, month, day) ? dayFirst(month, day, ValueForm.SLASH_YMD) : 0;
    }

    private int twoNumbers(int first, byte separator, int dayMonth, int monthDay) {
        int second = shortNumber();
        if (second == NONE || !yearFollows(separator)) {
            return 0;
        }
        int forms = isDay(year, second, first) ? dayFirst(second, first, dayMonth) : 0;
        if (monthDay != 0 && isDay(year, first, second)) {
            monthFirst = first * 100 + second;
            forms |= monthDay;
        }
        return forms;
    }

    private int named(int day, byte separator) {
        if (to - at != 8) {
            return 0;
        }
        int month = NONE;
        for (int each = 0; each < 12 && month == NONE; each++) {
            boolean same = true;
            for (int letter = 0; letter < 3; letter++) {
                same &= (bytes[at + letter] | 0x20) == MONTHS.charAt(each * 3 + letter);
            }
            month = same ? each + 1 : NONE;
        }
        at += 3;
        return month != NONE && yearFollows(separator) && isDay(year, month, day)
                ? dayFirst(month, day, ValueForm.NAMED_MONTH)
                : 0;
    }

    private int dayFirst(int month, int day, int form) {
        dayFirst = month * 100 + day;
        return form;
    }

    private boolean yearFollows(byte separator) {
        if (to - at != 5 || bytes[at] != separator) {
            return false;
        }
        at++;
        year = number(4);
        return at == to && year > 0;
    }

    private boolean isLetter() {
        return at < to && (bytes[at] | 0x20) >= 'a' && (bytes[at] | 0x20) <= 'z';
    }

    private int shortNumber() {
        int start = at;
        int number = number(2);
        return at == start ? NONE : number;
    }

    private int number(int most) {
        int number = 0;
        int end = Math.min(to, at + most);
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + bytes[at++] - '0';
        }
        return number;
    }

    private static boolean isDay(int year, int month, int day) {
        return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= TimeForm.daysOf(year, month);
    }

    /// The last value as days since 1970, if it can be read in this order.
    long day(DateOrder order) {
        int monthAndDay = monthAndDay(order);
        return TimeForm.epochDay(year, monthAndDay / 100, monthAndDay % 100);
    }

    /// Whether the last value is a date in this order.
    boolean has(DateOrder order) {
        return monthAndDay(order) != NONE;
    }

    private int monthAndDay(DateOrder order) {
        return order == DateOrder.MDY ? monthFirst : dayFirst;
    }

    /// Writes the last value as `2026-11-21`.
    ///
    /// @return how many bytes were written
    int iso(DateOrder order, byte[] target) {
        int monthAndDay = monthAndDay(order);
        digits(target, 0, 4, year);
        target[4] = '-';
        digits(target, 5, 2, monthAndDay / 100);
        target[7] = '-';
        digits(target, 8, 2, monthAndDay % 100);
        return 10;
    }

    private static void digits(byte[] target, int from, int count, int number) {
        int rest = number;
        for (int at = from + count - 1; at >= from; at--) {
            target[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /// The one format that all values have.
    ///
    /// @param forms the forms all values have
    /// @param told  the order someone has told
    /// @return its form, or 0 when there is none, or day and month cannot be told apart
    static int only(int forms, @Nullable DateOrder told) {
        int rest = forms & ValueForm.DATE_FORMATS;
        if (told != null) {
            rest &= told == DateOrder.MDY
                    ? ~(ValueForm.SLASH_DMY | ValueForm.DASH_DMY)
                    : ~(ValueForm.SLASH_MDY | ValueForm.DASH_MDY);
        }
        return Integer.bitCount(rest) == 1 ? rest : 0;
    }

    /// Whether day and month could be told apart by no value.
    static boolean isAmbiguous(int forms) {
        int rest = forms & ValueForm.DATE_FORMATS;
        return rest == SLASHED || rest == DASHED;
    }

    /// The order of a format.
    static DateOrder order(int form) {
        return (form & DAY_FIRST) != 0 ? DateOrder.DMY : DateOrder.MDY;
    }

    /// What people call a format: `d/m/y`.
    static Optional<String> name(int form) {
        return Optional.ofNullable(NAMES.get(form));
    }
}
