package dev.belay.tabular;

import dev.belay.job.NumberMarks;
import dev.belay.job.NumberMarks.Decimal;
import dev.belay.job.NumberMarks.Group;
import java.util.Optional;

/// Reads one value as a number that is not written as [NumberForm] has it: with a decimal comma, or with marks between
/// groups of three digits, or both.
///
/// `-?`, digits, then any number of group marks with three digits behind each, then a decimal mark and digits, if there
/// is one. The first group has one to three digits; no leading zeros, no `+`, no exponent. One value may be read with
/// several pairs of marks: `1,234` with a comma before the fraction and with one between groups. Which it is, a column
/// decides; with one decimal mark no two pairs give different numbers.
///
/// Blanks are U+0020, U+00A0 and U+202F; apostrophes U+0027 and U+2019.
final class MarkForm {
    // The decimal mark, then the one between groups.
    static final int COMMA_POINT = 1 << 19;
    static final int COMMA_SPACE = 1 << 20;
    static final int COMMA_APOSTROPHE = 1 << 21;
    static final int POINT_COMMA = 1 << 22;
    static final int POINT_SPACE = 1 << 23;
    static final int POINT_APOSTROPHE = 1 << 24;
    /// A number of some marks, but its own do not say which is which: they are not two.
    static final int ONE_MARK = 1 << 25;
    /// A number of some marks, but without a comma that can only be the decimal one.
    static final int NO_SURE_COMMA = 1 << 26;
    /// A number as [NumberForm] has it, without exponent.
    static final int PLAIN = 1 << 27;

    static final int COMMA = COMMA_POINT | COMMA_SPACE | COMMA_APOSTROPHE;
    static final int POINT = POINT_COMMA | POINT_SPACE | POINT_APOSTROPHE;
    static final int ANY = COMMA | POINT;

    private static final int SINGLE = ONE_MARK | NO_SURE_COMMA;
    /// What a plain whole number has of all this.
    static final int PLAIN_WHOLE = ANY | SINGLE | PLAIN;

    // 38 digits in groups of three with marks of three bytes.
    private static final int LONGEST = 96;
    private static final int NOTHING = 0;
    private static final int PADDING = 16;

    private final byte[] plain = new byte[LONGEST + PADDING];

    /// What a plain number with digits behind its point has of all this.
    static int plainFraction(int integerDigits, int scale) {
        int grouped = scale == 3 && integerDigits >= 1 && integerDigits <= 3 ? COMMA_POINT : 0;
        return POINT | SINGLE | PLAIN | grouped;
    }

    /// @return the forms the value has, or 0; none for a plain number
    static int read(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return 0;
        }
        int first = bytes[from] == '-' ? from + 1 : from;
        int at = digits(bytes, first, to);
        int leading = at - first;
        boolean zero = leading > 0 && bytes[first] == '0';
        if (leading == 0 || at == to || (zero && leading > 1)) {
            return 0;
        }
        int digits = zero ? 0 : leading;
        int group = NOTHING;
        int groups = 0;
        while (true) {
            int mark = mark(bytes, at, to);
            int start = at + length(bytes[at]);
            at = mark == NOTHING ? to : digits(bytes, start, to);
            int run = at - start;
            digits += run;
            if (mark == NOTHING || run <= 0 || digits > NumberForm.DECIMAL_DIGITS) {
                return 0;
            }
            boolean grouped = run == 3 && leading <= 3 && !zero && (groups == 0 || mark == group);
            if (at == to) {
                return last(mark, group, groups, grouped);
            }
            if (!grouped) {
                return 0;
            }
            group = mark;
            groups++;
        }
    }

    /// @param group   the mark between the groups before, if there are some
    /// @param grouped whether the last digits may be a group like those
    private static int last(int mark, int group, int groups, boolean grouped) {
        boolean decimal = mark == '.' || mark == ',';
        if (groups > 0) {
            return grouped ? pairs(group) | SINGLE : decimal && mark != group ? pair(mark, group) | sure(mark) : 0;
        }
        int whole = grouped ? pairs(mark) : 0;
        int fraction = mark == ',' ? COMMA : mark == '.' ? POINT : 0;
        int forms = whole | fraction;
        boolean sureComma = mark == ',' && whole == 0;
        return forms == 0 ? 0 : forms | (sureComma ? ONE_MARK : SINGLE);
    }

    private static int sure(int decimal) {
        return decimal == ',' ? 0 : NO_SURE_COMMA;
    }

    /// The pairs with this mark between groups.
    private static int pairs(int group) {
        return switch (group) {
            case '.' -> COMMA_POINT;
            case ',' -> POINT_COMMA;
            case ' ' -> COMMA_SPACE | POINT_SPACE;
            default -> COMMA_APOSTROPHE | POINT_APOSTROPHE;
        };
    }

    private static int pair(int decimal, int group) {
        return pairs(group) & (decimal == ',' ? COMMA : POINT);
    }

    /// The mark that begins at some place, as its ASCII character.
    private static int mark(byte[] bytes, int at, int to) {
        byte first = bytes[at];
        if (first == '.' || first == ',' || first == ' ' || first == '\'') {
            return first;
        }
        if (first == (byte) 0xC2 && at + 1 < to && bytes[at + 1] == (byte) 0xA0) {
            return ' ';
        }
        if (first == (byte) 0xE2 && at + 2 < to && bytes[at + 1] == (byte) 0x80) {
            return bytes[at + 2] == (byte) 0xAF ? ' ' : bytes[at + 2] == (byte) 0x99 ? '\'' : NOTHING;
        }
        return NOTHING;
    }

    private static int length(byte first) {
        return first == (byte) 0xC2 ? 2 : first == (byte) 0xE2 ? 3 : 1;
    }

    private static int digits(byte[] bytes, int start, int to) {
        int at = start;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    /// Writes a number as [NumberForm] reads it, into [#plain()].
    ///
    /// @param mask the pairs it is read with, all of one decimal mark; it has one of them
    /// @return how many bytes it has
    int write(byte[] bytes, int from, int to, int mask) {
        byte decimal = (byte) ((mask & COMMA) != 0 ? ',' : '.');
        int size = 0;
        for (int at = from; at < to; at++) {
            byte each = bytes[at];
            if ((each >= '0' && each <= '9') || each == '-') {
                plain[size++] = each;
            } else if (each == decimal) {
                plain[size++] = '.';
            }
        }
        return size;
    }

    /// What was written last, with some bytes behind it that mean nothing.
    byte[] plain() {
        return plain;
    }

    /// The pairs that marks allow: of both decimal marks where theirs is not known.
    static int mask(NumberMarks marks) {
        int decimals = marks.decimal()
                .map(decimal -> decimal == Decimal.COMMA ? COMMA : POINT)
                .orElse(ANY);
        return decimals & marks.group().map(group -> pairs(group.mark())).orElse(ANY);
    }

    /// The marks of pairs that have one decimal mark.
    static NumberMarks marks(int pairs) {
        var decimal = (pairs & COMMA) != 0 ? Decimal.COMMA : Decimal.POINT;
        return new NumberMarks(Optional.of(decimal), group(pairs));
    }

    /// The one mark between groups that all of the pairs have, if it is one.
    static Optional<Group> group(int pairs) {
        for (Group group : Group.values()) {
            if ((pairs & ~pairs(group.mark())) == 0) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }
}
