package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// Which forms all values of a column have, and for each form the first values that do not have it.
final class FormTally {
    /// How many values are kept against each form.
    static final int EXAMPLES = 3;

    private static final int FORMS = Integer.bitCount(ValueForm.ALL);
    private static final int LOOKED_AT = 264;

    private final Example[][] examples = new Example[FORMS][EXAMPLES];
    private final int[] kept = new int[FORMS];
    private int possible = ValueForm.ALL;
    private int wanted = ValueForm.ALL;

    /// A value, and where it stands: in its chunk while that is read, in the file once it is joined.
    record Example(long record, long line, long place, String value) {}

    /// Begins anew with what is known of the values before.
    void clear(int possibleBefore, int wantedBefore) {
        Arrays.fill(kept, 0);
        possible = possibleBefore;
        wanted = wantedBefore;
    }

    /// The forms that all values so far have.
    int possible() {
        return possible;
    }

    /// The forms against which more examples are wanted.
    int wanted() {
        return wanted;
    }

    /// Whether no value can change anything any more.
    boolean isSettled() {
        return (possible | wanted) == 0;
    }

    /// Takes in the forms of a value in a row of a batch.
    void add(int forms, Batch batch, int row, int column) {
        if ((~forms & wanted) != 0) {
            keep(~forms & wanted, batch, row, column);
        }
        possible &= forms;
    }

    private void keep(int missing, Batch batch, int row, int column) {
        int span = 2 * (row * batch.columns() + column);
        int from = batch.spans[span];
        var example = new Example(
                batch.records[row],
                batch.lines[row],
                batch.base() + from,
                Excerpt.of(Utf8Check.excerpt(batch.bytes(), from, batch.spans[span + 1], LOOKED_AT)));
        for (int form = 0; form < FORMS; form++) {
            if ((missing & 1 << form) != 0) {
                keep(form, example);
            }
        }
    }

    private void keep(int form, Example example) {
        if (kept[form] < EXAMPLES) {
            examples[form][kept[form]++] = example;
        }
        if (kept[form] == EXAMPLES) {
            wanted &= ~(1 << form);
        }
    }

    /// Takes in what came after.
    ///
    /// @param records how many records stand before it
    /// @param lines   how many lines stand before it
    void add(FormTally later, long records, long lines) {
        possible &= later.possible;
        for (int form = 0; form < FORMS; form++) {
            for (int at = 0; at < later.kept[form]; at++) {
                Example example = later.examples[form][at];
                keep(
                        form,
                        new Example(
                                example.record() + records, example.line() + lines, example.place(), example.value()));
            }
        }
    }

    /// The first values there are.
    List<Example> first() {
        int never = Integer.numberOfTrailingZeros(ValueForm.NEVER);
        return Arrays.asList(examples[never]).subList(0, kept[never]);
    }

    /// The first values against a type that no column with these values can have: from the one on that ruled it out.
    List<Example> against(ColumnType type) {
        int forms = ValueForm.formsOf(type);
        var found = new TreeSet<>(Comparator.comparingLong(Example::record));
        long ruledOut = 0;
        for (int form = 0; form < FORMS; form++) {
            if ((forms & 1 << form) != 0 && kept[form] > 0) {
                found.addAll(Arrays.asList(examples[form]).subList(0, kept[form]));
                ruledOut = Math.max(ruledOut, examples[form][0].record());
            }
        }
        long from = ruledOut;
        return new ArrayList<>(found.stream()
                .filter(example -> example.record() >= from)
                .limit(EXAMPLES)
                .toList());
    }
}
