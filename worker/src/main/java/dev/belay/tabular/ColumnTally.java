package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gathers what the values of one column say, in one chunk or in all.
///
/// Since the type is only known at the end, everything is kept that any possible type will want. Whatever is gathered
/// joins exactly: it does not matter how the rows were cut into chunks.
final class ColumnTally {
    private static final int SECONDS_OF_DAY = 86_400;

    private final @Nullable ColumnType demanded;
    private final @Nullable DateOrder told;
    private final int marks;
    private final DistinctTally distinct;
    private final TextRange texts = new TextRange();
    private final FormTally forms = new FormTally();
    private final NumberTally numbers = new NumberTally();
    private final MomentTally moments = new MomentTally();
    private final TruthTally truths = new TruthTally();
    private final DayTally daysFirst = new DayTally();
    private final DayTally monthsFirst = new DayTally();
    private @Nullable RealTally reals;
    private final ValueForm form = new ValueForm();
    private long values;
    private long nulls;
    private long bytes;
    private int shortest;
    private int longest;
    private boolean ascii;

    /// @param demanded the type the dictionary demands; null when the values decide
    /// @param told     the order of day and month that someone has told
    /// @param marks    the pairs of marks of [MarkForm] that its numbers are read with; 0 for plain ones
    /// @param columns  how many columns the table has
    ColumnTally(@Nullable ColumnType demanded, @Nullable DateOrder told, int marks, int columns) {
        this.demanded = demanded;
        this.told = told;
        this.marks = marks;
        this.distinct = new DistinctTally(columns);
        clear(ValueForm.ALL, demanded == null ? ValueForm.ALL : 0, DistinctTally.FEW);
    }

    /// Begins anew with what is known of the values before.
    void clear(int possible, int wanted, byte[] ranks) {
        distinct.clear(ranks);
        texts.clear();
        forms.clear(possible, wanted);
        numbers.clear();
        moments.clear();
        truths.clear();
        daysFirst.clear();
        monthsFirst.clear();
        if (reals != null) {
            reals.clear();
        }
        values = 0;
        nulls = 0;
        bytes = 0;
        shortest = Integer.MAX_VALUE;
        longest = 0;
        ascii = true;
    }

    /// Takes in the column's values in some rows.
    void add(Batch batch, int column) {
        int rows = batch.rows();
        int row = 0;
        if (demanded != null && demanded != ColumnType.TEXT) {
            addDemanded(batch, column, demanded);
        } else {
            if (demanded == null && !forms.isSettled()) {
                row = marks == 0 ? addTyped(batch, column) : addMarked(batch, column);
            }
            addTexts(batch, column, row);
        }
        texts.leave(batch.bytes());
        if (!batch.isAscii() && ascii) {
            for (int at = 0; at < rows && ascii; at++) {
                int span = 2 * (at * batch.columns() + column);
                ascii = isAscii(batch.bytes(), batch.spans[span], batch.spans[span + 1]);
            }
        }
    }

    /// @return the row at which the forms were settled
    private int addTyped(Batch batch, int column) {
        byte[] all = batch.bytes();
        int[] spans = batch.spans;
        int stride = 2 * batch.columns();
        int rows = batch.rows();
        long base = batch.base();
        int span = 2 * column;
        boolean keeps = batch.keepsNumbers();
        int kept = batch.numbersOf(column);
        long[] digits = batch.digits;
        byte[] scales = batch.scales;
        // Kept here until the loop ends, like those in addTexts: fields would be read and written for every value.
        long sum = 0;
        int least = shortest;
        int most = longest;
        int none = 0;
        int row = 0;
        for (; row < rows && !forms.isSettled(); row++) {
            int from = spans[span];
            int to = spans[span + 1];
            span += stride;
            if (from == to) {
                none++;
                continue;
            }
            int length = to - from;
            sum += length;
            least = Math.min(least, length);
            most = Math.max(most, length);
            note(all, from, length, base);
            int its = form.read(all, from, to);
            forms.add(its, batch, row, column);
            int possible = forms.possible() & its;
            boolean isNumber = (possible & ValueForm.DECIMAL) != 0;
            NumberForm number = form.number();
            if (keeps) {
                digits[kept + row] = number.unscaled();
                scales[kept + row] =
                        !isNumber ? Batch.NO_NUMBER : number.isSmall() ? (byte) number.scale() : Batch.LONG;
            }
            if (isNumber) {
                numbers.add(number, all, from, to);
            } else if (possible != 0) {
                addOther(possible, from);
            }
        }
        count(row - none, none, sum, least, most);
        if (keeps && row == rows) {
            batch.keep(column);
        }
        return row;
    }

    /// As [#addTyped], of a column whose numbers have marks.
    ///
    /// @return the row at which the forms were settled
    private int addMarked(Batch batch, int column) {
        byte[] all = batch.bytes();
        for (int row = 0; row < batch.rows(); row++) {
            int span = 2 * (row * batch.columns() + column);
            int from = batch.spans[span];
            int to = batch.spans[span + 1];
            if (from == to) {
                nulls++;
                continue;
            }
            addText(all, from, to, batch.base());
            int its = form.read(all, from, to, marks);
            forms.add(its, batch, row, column);
            int possible = forms.possible() & its;
            if ((possible & ValueForm.DECIMAL) != 0) {
                numbers.add(form.number(), form.plain(), 0, form.plainSize());
            } else if (possible != 0) {
                addOther(possible, from);
            } else if (forms.isSettled()) {
                return row + 1;
            }
        }
        return batch.rows();
    }

    private int read(byte[] all, int from, int to) {
        return marks == 0 ? form.read(all, from, to) : form.read(all, from, to, marks);
    }

    private void addNumber(byte[] all, int from, int to) {
        if (marks == 0) {
            numbers.add(form.number(), all, from, to);
        } else {
            numbers.add(form.number(), form.plain(), 0, form.plainSize());
        }
    }

    private void addOther(int possible, int from) {
        if ((possible & ValueForm.TIMESTAMP) != 0) {
            moments.add(form.time(), from);
        } else if ((possible & ValueForm.DOUBLE) != 0) {
            reals().add(form.real());
        } else if ((possible & ValueForm.BOOLEAN) != 0) {
            truths.add(form.truth());
        } else if ((possible & ValueForm.DATE_FORMATS) != 0) {
            addDay(DateOrder.DMY, daysFirst);
            addDay(DateOrder.MDY, monthsFirst);
        }
    }

    private void addDay(DateOrder order, DayTally days) {
        if (form.date().has(order)) {
            days.add(form.date().day(order));
        }
    }

    private void addTexts(Batch batch, int column, int firstRow) {
        byte[] all = batch.bytes();
        int[] spans = batch.spans;
        int stride = 2 * batch.columns();
        int rows = batch.rows();
        long base = batch.base();
        int span = 2 * column + stride * firstRow;
        long sum = 0;
        int least = shortest;
        int most = longest;
        int none = 0;
        for (int row = firstRow; row < rows; row++) {
            int from = spans[span];
            int length = spans[span + 1] - from;
            span += stride;
            if (length == 0) {
                none++;
                continue;
            }
            sum += length;
            least = Math.min(least, length);
            most = Math.max(most, length);
            note(all, from, length, base);
        }
        count(rows - firstRow - none, none, sum, least, most);
    }

    private void count(int some, int none, long sum, int least, int most) {
        values += some;
        nulls += none;
        bytes += sum;
        shortest = least;
        longest = most;
    }

    private void addDemanded(Batch batch, int column, ColumnType type) {
        for (int row = 0; row < batch.rows(); row++) {
            int span = 2 * (row * batch.columns() + column);
            int from = batch.spans[span];
            int to = batch.spans[span + 1];
            if (from == to) {
                nulls++;
                continue;
            }
            addText(batch.bytes(), from, to, batch.base());
            read(batch.bytes(), from, to);
            switch (type) {
                case BOOLEAN -> truths.add(form.truth());
                case INTEGER, DECIMAL -> addNumber(batch.bytes(), from, to);
                case DOUBLE -> reals().add(form.real());
                case TIMESTAMP -> moments.add(form.time(), from);
                case DATE -> addDemandedDay();
                case TIME, UUID, JSON, TEXT -> {
                    // What is kept of any text.
                }
            }
        }
    }

    private void addDemandedDay() {
        boolean isIso = (form.forms() & ValueForm.DATE) != 0;
        DayTally days = told == DateOrder.MDY ? monthsFirst : daysFirst;
        days.add(
                isIso || told == null
                        ? Math.floorDiv(form.time().second(), SECONDS_OF_DAY)
                        : form.date().day(told));
    }

    private void addText(byte[] all, int from, int to, long base) {
        int length = to - from;
        count(1, 0, length, Math.min(shortest, length), Math.max(longest, length));
        note(all, from, length, base);
    }

    /// Takes note of a value's bytes.
    private void note(byte[] all, int from, int length, long base) {
        long hash;
        long word;
        if (length <= 8) {
            word = Words.at(all, from, length);
            hash = DistinctTally.hash(word, length);
        } else {
            word = Words.at(all, from);
            hash = DistinctTally.hash(all, from, from + length);
        }
        distinct.add(hash, base + from);
        texts.add(all, from, from + length, TextRange.key(word), hash);
    }

    /// Adds a value to a row of a sample.
    void addTo(RowSample sample, Batch batch, int row, int column) {
        int span = 2 * (row * batch.columns() + column);
        int from = batch.spans[span];
        int to = batch.spans[span + 1];
        if (from == to) {
            sample.add(column, 0, 0, Double.NaN);
            return;
        }
        byte[] all = batch.bytes();
        long hash = to - from <= 8
                ? DistinctTally.hash(Words.at(all, from, to - from), to - from)
                : DistinctTally.hash(all, from, to);
        sample.add(column, hash, from - batch.starts[row], number(all, from, to));
    }

    /// What orders a value that is a number or a time.
    private double number(byte[] all, int from, int to) {
        if (demanded == ColumnType.TEXT || (demanded == null && forms.possible() == 0)) {
            return Double.NaN;
        }
        int its = read(all, from, to);
        if ((its & (ValueForm.DECIMAL | ValueForm.DOUBLE)) != 0) {
            return form.real();
        }
        boolean isTime = (its & (ValueForm.DATE | ValueForm.TIMESTAMP)) != 0;
        return isTime ? form.time().second() + form.time().nano() / 1e9 : Double.NaN;
    }

    private static boolean isAscii(byte[] all, int from, int to) {
        long high = 0;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            high |= Words.at(all, at);
        }
        if (at < to) {
            high |= Words.at(all, at, to - at);
        }
        return (high & Words.HIGHS) == 0;
    }

    private RealTally reals() {
        RealTally own = reals;
        if (own == null) {
            own = new RealTally();
            reals = own;
        }
        return own;
    }

    /// Takes in what came after.
    ///
    /// @param records how many records stand before it
    /// @param lines   how many lines stand before it
    void add(ColumnTally later, long records, long lines) {
        values += later.values;
        nulls += later.nulls;
        bytes += later.bytes;
        shortest = Math.min(shortest, later.shortest);
        longest = Math.max(longest, later.longest);
        ascii &= later.ascii;
        distinct.add(later.distinct);
        texts.add(later.texts);
        forms.add(later.forms, records, lines);
        numbers.add(later.numbers);
        moments.add(later.moments);
        truths.add(later.truths);
        daysFirst.add(later.daysFirst);
        monthsFirst.add(later.monthsFirst);
        if (later.reals != null) {
            reals().add(later.reals);
        }
    }

    /// The type its values have.
    ColumnType type() {
        if (demanded != null) {
            return demanded;
        }
        return values == 0 ? ColumnType.TEXT : ValueForm.narrowest(forms.possible(), told);
    }

    /// The form of dates that are not written as ISO 8601 has it, when its values are such dates; else 0.
    int dateForm() {
        return demanded == null && type() == ColumnType.DATE ? DateForm.only(forms.possible(), told) : 0;
    }

    /// The days, when they may be written in another way than that of ISO 8601.
    Optional<DayTally> days() {
        if (demanded == ColumnType.DATE) {
            return Optional.of(told == DateOrder.MDY ? monthsFirst : daysFirst);
        }
        int format = dateForm();
        if (format == 0) {
            return Optional.empty();
        }
        return Optional.of(DateForm.order(format) == DateOrder.MDY ? monthsFirst : daysFirst);
    }

    @Nullable DateOrder told() {
        return told;
    }

    /// The pairs of marks its numbers were read with; 0 for plain ones.
    int marks() {
        return marks;
    }

    boolean isDemanded() {
        return demanded != null;
    }

    FormTally forms() {
        return forms;
    }

    DistinctTally distinct() {
        return distinct;
    }

    TextRange texts() {
        return texts;
    }

    NumberTally numbers() {
        return numbers;
    }

    MomentTally moments() {
        return moments;
    }

    TruthTally truths() {
        return truths;
    }

    /// What floating-point numbers came to; empty ones where there were none.
    RealTally realsOrNone() {
        return reals == null ? new RealTally() : reals;
    }

    long values() {
        return values;
    }

    long nulls() {
        return nulls;
    }

    long bytes() {
        return bytes;
    }

    int shortest() {
        return values == 0 ? 0 : shortest;
    }

    int longest() {
        return longest;
    }

    boolean isAscii() {
        return ascii;
    }
}
