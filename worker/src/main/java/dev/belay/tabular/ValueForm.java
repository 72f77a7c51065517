package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import org.jspecify.annotations.Nullable;

/// Says which types the text of one value could have. The forms are bits, so that a column's possible types are the
/// intersection over its values.
final class ValueForm {
    static final int BOOLEAN = 1;
    static final int INTEGER = 1 << 1;
    static final int DECIMAL = 1 << 2;
    static final int DOUBLE = 1 << 3;
    static final int DATE = 1 << 4;
    static final int LOCAL_TIMESTAMP = 1 << 5;
    static final int ZONED_TIMESTAMP = 1 << 6;
    static final int TIMESTAMP = LOCAL_TIMESTAMP | ZONED_TIMESTAMP;
    /// A time of day.
    static final int TIME = 1 << 7;
    static final int UUID = 1 << 8;
    static final int JSON = 1 << 9;
    // Dates as DateForm reads them.
    static final int SLASH_DMY = 1 << 10;
    static final int SLASH_MDY = 1 << 11;
    static final int DASH_DMY = 1 << 12;
    static final int DASH_MDY = 1 << 13;
    static final int DOT_DMY = 1 << 14;
    static final int SLASH_YMD = 1 << 15;
    static final int NAMED_MONTH = 1 << 16;
    static final int DATE_FORMATS = SLASH_DMY | SLASH_MDY | DASH_DMY | DASH_MDY | DOT_DMY | SLASH_YMD | NAMED_MONTH;
    /// A timestamp of either kind, so that a column is seen to mix them.
    static final int ANY_TIMESTAMP = 1 << 17;
    /// What no value has: the values against it are the first of the column.
    static final int NEVER = 1 << 18;
    // And how numbers are marked, as MarkForm reads them.
    static final int ALL = (1 << 28) - 1;

    private final NumberForm number = new NumberForm();
    private final TimeForm time = new TimeForm();
    private final DateForm date = new DateForm();
    private final JsonForm json = new JsonForm();
    private final MarkForm marks = new MarkForm();
    private int forms;
    private boolean truth;
    // A word that means a truth but could as well be a code or an initial: `T`, `f`, `yes`, `No`.
    private boolean truthIfDemanded;
    private int plainSize;

    /// @return the forms of the value, which is not empty; what was read stands in [#number()], [#time()] and
    /// [#truth()]
    int read(byte[] bytes, int from, int to) {
        byte first = bytes[from];
        truthIfDemanded = false;
        if (first >= '0' && first <= '9') {
            boolean dateLike = to - from >= 10 && bytes[from + 4] == '-' && bytes[from + 7] == '-';
            forms = dateLike ? time.read(bytes, from, to) : number.read(bytes, from, to);
            if (forms == 0) {
                forms = readOther(bytes, from, to);
            }
        } else if (first == '-') {
            forms = number.read(bytes, from, to);
            if (forms == 0) {
                forms = MarkForm.read(bytes, from, to);
            }
        } else if (first == '{' || first == '[') {
            forms = json.read(bytes, from, to) ? JSON : 0;
        } else if (to - from == UuidForm.LENGTH) {
            forms = UuidForm.is(bytes, from) ? UUID : 0;
        } else {
            boolean meansTruth = to - from <= 5 && isTruth(bytes, from, to - from);
            truthIfDemanded = meansTruth && to - from < 4;
            forms = meansTruth && !truthIfDemanded ? BOOLEAN : 0;
        }
        return forms;
    }

    /// What begins with a digit and is neither a number nor a date of ISO 8601.
    private int readOther(byte[] bytes, int from, int to) {
        if (to - from == UuidForm.LENGTH && UuidForm.is(bytes, from)) {
            return UUID;
        }
        int its = bytes[from + 2] == ':' ? time.readTime(bytes, from, to) : date.read(bytes, from, to);
        return its == 0 ? MarkForm.read(bytes, from, to) : its;
    }

    /// The same with numbers only of some marks, which then have the forms of what they mean. A number stands in
    /// [#number()] and, as plain text, in [#plain()].
    ///
    /// @param pairs of marks, as [MarkForm] has them, all of one decimal mark
    int read(byte[] bytes, int from, int to, int pairs) {
        int its = read(bytes, from, to) & ~(INTEGER | DECIMAL);
        if ((its & pairs) != 0) {
            plainSize = marks.write(bytes, from, to, pairs);
            its |= number.read(marks.plain(), 0, plainSize) & (INTEGER | DECIMAL);
        }
        forms = its;
        return its;
    }

    /// Whether the last value may stand in a column of a demanded type. Wider than the forms: a boolean may be
    /// demanded of `0` and `1`, `t`, `f`, `yes` and `no`, a double of plain numbers.
    ///
    /// @param told the order of day and month that someone has told; a date may be demanded in that
    boolean fits(ColumnType type, @Nullable DateOrder told) {
        return switch (type) {
            case BOOLEAN ->
                (forms & BOOLEAN) != 0 || truthIfDemanded || ((forms & INTEGER) != 0 && number.whole() >> 1 == 0);
            case INTEGER -> (forms & INTEGER) != 0;
            case DECIMAL -> (forms & DECIMAL) != 0;
            case DOUBLE -> (forms & DOUBLE) != 0 || ((forms & DECIMAL) != 0 && number.fitsDouble());
            case DATE -> (forms & DATE) != 0 || (told != null && (forms & DATE_FORMATS) != 0 && date.has(told));
            case TIME -> (forms & TIME) != 0;
            case TIMESTAMP -> (forms & TIMESTAMP) != 0;
            case UUID -> (forms & UUID) != 0;
            case JSON -> (forms & JSON) != 0;
            case TEXT -> true;
        };
    }

    /// The narrowest type all values of these forms have.
    ///
    /// @param told the order of day and month that someone has told
    static ColumnType narrowest(int forms, @Nullable DateOrder told) {
        if (DateForm.only(forms, told) != 0) {
            return ColumnType.DATE;
        }
        for (ColumnType type : ColumnType.values()) {
            if ((forms & formsOf(type) & ~DATE_FORMATS) != 0) {
                return type;
            }
        }
        return ColumnType.TEXT;
    }

    /// The forms that make a type.
    static int formsOf(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> BOOLEAN;
            case INTEGER -> INTEGER;
            case DECIMAL -> DECIMAL;
            case DOUBLE -> DOUBLE;
            case DATE -> DATE | DATE_FORMATS;
            case TIME -> TIME;
            case TIMESTAMP -> TIMESTAMP;
            case UUID -> UUID;
            case JSON -> JSON;
            case TEXT -> 0;
        };
    }

    NumberForm number() {
        return number;
    }

    /// The last number that was read with marks, in plain writing: the first [#plainSize()] bytes.
    byte[] plain() {
        return marks.plain();
    }

    int plainSize() {
        return plainSize;
    }

    TimeForm time() {
        return time;
    }

    DateForm date() {
        return date;
    }

    /// The forms of the last value.
    int forms() {
        return forms;
    }

    /// The last value as a boolean.
    boolean truth() {
        return ((forms & BOOLEAN) != 0 || truthIfDemanded) ? truth : number.whole() == 1;
    }

    /// The last value, a number, as a double.
    double real() {
        return number.real((forms & DOUBLE) != 0);
    }

    private boolean isTruth(byte[] bytes, int from, int length) {
        return switch (lower(bytes[from])) {
            case 't' -> {
                truth = true;
                yield length == 1 || matches(bytes, from, length, "true");
            }
            case 'y' -> {
                truth = true;
                yield matches(bytes, from, length, "yes");
            }
            case 'f' -> {
                truth = false;
                yield length == 1 || matches(bytes, from, length, "false");
            }
            case 'n' -> {
                truth = false;
                yield matches(bytes, from, length, "no");
            }
            default -> false;
        };
    }

    private static boolean matches(byte[] bytes, int from, int length, String word) {
        if (length != word.length()) {
            return false;
        }
        for (int at = 0; at < length; at++) {
            if (lower(bytes[from + at]) != word.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    /// Lower case of ASCII letters only: the Kelvin sign is no k.
    private static char lower(byte character) {
        return character >= 'A' && character <= 'Z' ? (char) (character + 32) : (char) character;
    }
}
