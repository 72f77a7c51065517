package dev.belay.tabular;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Gathers what the values of one column say: its type, if none is demanded, and its profile.
final class ColumnTally {
    private final String name;
    private final String title;
    private final @Nullable ColumnType demanded;
    private final DistinctCount distinct;
    private final ValueRange range = new ValueRange();
    private final ValueForm form = new ValueForm();
    private final Map<ColumnType, Place> counterExamples = new EnumMap<>(ColumnType.class);
    private int possible = ValueForm.ALL;
    private ColumnType current;
    private long values;
    private long nulls;
    private int integerDigits;
    private int scale;

    /// @param demanded the type the dictionary demands; null when the values decide
    /// @param columns  how many columns the table has
    ColumnTally(String name, String title, @Nullable ColumnType demanded, int columns) {
        this.name = name;
        this.title = title;
        this.demanded = demanded;
        this.current = demanded == null ? ColumnType.BOOLEAN : demanded;
        this.distinct = new DistinctCount(columns);
    }

    /// Takes in the value of the current record, whose number is `record`.
    void add(RecordBuffer buffer, int field, long record) {
        int from = buffer.from(field);
        int to = buffer.to(field);
        if (from == to) {
            nulls++;
            return;
        }
        values++;
        char[] chars = buffer.chars();
        distinct.add(chars, from, to);
        range.addText(chars, from, to);
        if (current == ColumnType.TEXT) {
            return;
        }
        int forms = form.read(chars, from, to);
        if (demanded == null && (possible & ~forms) != 0) {
            narrow(forms, buffer, field, record);
        }
        if ((ValueForm.formsOf(current) & (ValueForm.INTEGER | ValueForm.DECIMAL)) != 0) {
            integerDigits = Math.max(integerDigits, form.number().integerDigits());
            scale = Math.max(scale, form.number().scale());
        }
        range.add(current, form, chars, from, to);
    }

    ColumnProfile profile() {
        ColumnType type = demanded == null && values == 0 ? ColumnType.TEXT : current;
        boolean decimal = type == ColumnType.DECIMAL;
        var column =
                new Column(name, title, type, decimal ? Math.max(1, integerDigits + scale) : 0, decimal ? scale : 0);
        boolean truths = type == ColumnType.BOOLEAN;
        return new ColumnProfile(
                column,
                nulls,
                truths ? range.truths() : distinct.count(),
                truths || distinct.isExact(),
                range.least(type),
                range.most(type),
                ruledOut(type));
    }

    private void narrow(int forms, RecordBuffer buffer, int field, long record) {
        int before = possible;
        possible &= forms;
        for (ColumnType type : ColumnType.values()) {
            int its = ValueForm.formsOf(type);
            if ((before & its) != 0 && (possible & its) == 0) {
                counterExamples.put(type, place(buffer, field, record));
            }
        }
        ColumnType narrowest = ValueForm.narrowest(possible);
        if (current == ColumnType.INTEGER && narrowest == ColumnType.DECIMAL) {
            range.widenToDecimal();
        }
        current = narrowest;
    }

    private Place place(RecordBuffer buffer, int field, long record) {
        return new Place(
                OptionalLong.of(record),
                OptionalLong.of(buffer.line()),
                OptionalLong.empty(),
                Optional.of(Excerpt.of(title)),
                Optional.of(Excerpt.of(buffer.text(field))));
    }

    private List<RuledOut> ruledOut(ColumnType type) {
        List<RuledOut> list = new ArrayList<>();
        counterExamples.forEach((ruledOut, place) -> {
            if (type == ColumnType.TEXT || (type == ColumnType.DECIMAL && ruledOut == ColumnType.INTEGER)) {
                list.add(new RuledOut(ruledOut, place));
            }
        });
        return list;
    }
}
