package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.NumberMarks;
import dev.belay.job.NumberMarks.Group;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides with which marks the numbers of each column are read, once every value of the file is known.
///
/// Numbers that are plain stay what they are, unless someone's word makes others of them. Without a word, two different
/// marks in one value decide (`1.234,56`); or commas that can only stand before a fraction (`1,5`), where `;` stands
/// between fields and no other column has fractions behind a point. Digits in groups alone are numbers only by a word:
/// telephone numbers and versions look like that.
final class MarkVote {
    private static final int BETWEEN = MarkForm.COMMA_POINT | MarkForm.POINT_COMMA;

    private final List<NumberMarks> told;
    private final @Nullable ColumnType[] demanded;
    private final boolean marked;
    private final boolean semicolons;

    /// @param words    what people say
    /// @param demanded for each column the type its values must have, or null where any will do
    MarkVote(NumberWords words, Dialect dialect, @Nullable ColumnType[] demanded) {
        told = words.of(dialect);
        this.demanded = demanded.clone();
        marked = words.marked();
        semicolons = dialect.delimiter().equals(";");
    }

    /// For each column the pairs of marks, as [MarkForm] has them, that it is read with first; 0 for plain numbers.
    int[] assumed() {
        int[] pairs = new int[demanded.length];
        for (int column = 0; column < pairs.length && marked; column++) {
            pairs[column] = assumed(told.get(column), demanded[column]);
        }
        return pairs;
    }

    private static int assumed(NumberMarks marks, @Nullable ColumnType type) {
        if (marks.isUnknown() || (type != null && !isNumber(type))) {
            return 0;
        }
        int pairs = MarkForm.mask(marks);
        return marks.decimal().isPresent() ? pairs : type == null ? 0 : pairs & MarkForm.POINT;
    }

    /// What each column is to be read with.
    ///
    /// @param totals what reading it as [#assumed()] has shown
    int[] decided(ColumnTally[] totals) {
        int[] pairs = assumed();
        boolean points = false;
        for (int column = 0; column < pairs.length; column++) {
            int possible = totals[column].forms().possible();
            points |= isOpen(totals[column], column) && (possible & MarkForm.ANY) != 0 && hasPoints(possible);
        }
        for (int column = 0; column < pairs.length && marked; column++) {
            if (isOpen(totals[column], column)) {
                pairs[column] =
                        decided(column, pairs[column], totals[column].forms().possible(), points);
            }
        }
        return pairs;
    }

    private boolean isOpen(ColumnTally tally, int column) {
        return demanded[column] == null && tally.values() > 0;
    }

    /// Whether only points can stand before its fractions.
    private static boolean hasPoints(int possible) {
        return (possible & MarkForm.COMMA) == 0 && ((possible & MarkForm.PLAIN) != 0 || hasTwoMarks(possible));
    }

    private int decided(int column, int assumed, int possible, boolean points) {
        NumberMarks marks = told.get(column);
        boolean plain = (possible & MarkForm.PLAIN) != 0;
        int own = possible & MarkForm.mask(marks);
        if (marks.decimal().isPresent()) {
            boolean groupsAlone = marks.group().isEmpty() && own != 0 && isGroupsAlone(own, possible);
            return groupsAlone || (own == 0 && plain) ? 0 : assumed;
        }
        if (plain || own == 0) {
            return 0;
        }
        int comma = own & MarkForm.COMMA;
        int point = own & MarkForm.POINT;
        if (marks.group().isPresent() || hasTwoMarks(possible)) {
            // With both there is no fraction, and it does not matter.
            return point == 0 ? comma : point;
        }
        return point == 0 && hasSureCommas(possible) && semicolons && !points ? comma : 0;
    }

    private static boolean isGroupsAlone(int own, int possible) {
        return (own & BETWEEN) == 0 && !hasTwoMarks(possible) && !hasSureCommas(possible);
    }

    private static boolean hasTwoMarks(int possible) {
        return (possible & MarkForm.ONE_MARK) == 0;
    }

    private static boolean hasSureCommas(int possible) {
        return (possible & MarkForm.NO_SURE_COMMA) == 0;
    }

    private static boolean isNumber(ColumnType type) {
        return switch (type) {
            case INTEGER, DECIMAL, DOUBLE -> true;
            case BOOLEAN, DATE, TIME, TIMESTAMP, UUID, JSON, TEXT -> false;
        };
    }

    /// The marks that the numbers of a column are written with; empty when they are plain or none.
    static Optional<NumberMarks> marks(ColumnTally tally) {
        if (tally.marks() == 0 || !isNumber(tally.type())) {
            return Optional.empty();
        }
        if (tally.isDemanded()) {
            return Optional.of(MarkForm.marks(tally.marks()));
        }
        int possible = tally.forms().possible();
        int pairs = possible & tally.marks();
        boolean alike = (pairs & MarkForm.POINT) != 0 || (possible & MarkForm.ANY) == MarkForm.ANY;
        boolean plain = (possible & MarkForm.PLAIN) != 0 && alike;
        return plain || pairs == 0 ? Optional.empty() : Optional.of(MarkForm.marks(pairs));
    }

    /// Why values that are numbers with marks stay text, and which word would make them numbers; empty where they are
    /// none.
    ///
    /// @param possible the forms that all values have
    static String undecided(int possible) {
        int pairs = possible & MarkForm.ANY;
        if (pairs == 0) {
            return "";
        }
        boolean comma = (pairs & MarkForm.COMMA) != 0;
        Optional<Group> group = hasSureCommas(possible) ? Optional.empty() : MarkForm.group(pairs);
        if (group.isPresent()) {
            return "every value is a number if \"%1$s\" parts groups of its digits; read.groupMark \"%1$s\" of the job, or groupChar of the column in the dictionary, says so"
                    .formatted(group.get().mark());
        }
        return comma && (pairs & MarkForm.POINT) != 0
                ? "every value is a number with a decimal comma and another one with a decimal point; read.decimalMark of the job, or decimalChar of the column in the dictionary, says which"
                : "every value is a number if \"%1$s\" is its decimal mark; read.decimalMark \"%1$s\" of the job, or decimalChar of the column in the dictionary, says so"
                        .formatted(comma ? "," : ".");
    }
}
