package dev.belay.tabular;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Makes a column's profile of its tally, once the type is known.
///
/// @param sample some rows of the whole file
/// @param top    finds the most frequent values
record Profiles(RowSample sample, TopValues top) {
    /// Why dates stay text that can be read in two orders.
    static final String AMBIGUOUS =
            "every value is a date with the day first and one with the month first; read.dateOrder of the job, or belay:dateOrder of the column in the dictionary, says which";
    private static final String MIXED = "some values have a time zone and some have none";
    private static final MathContext SHOWN = new MathContext(30);

    ColumnProfile of(ColumnTally tally, int column, String name, String title) throws IOException {
        ColumnType type = tally.type();
        boolean truths = type == ColumnType.BOOLEAN;
        Optional<NumberTally.Moments> moments = moments(tally, type);
        long distinct = truths ? tally.truths().different() : tally.distinct().count();
        boolean exact = truths || tally.distinct().isExact();
        double[] sorted = sample.sorted(column);
        Map<String, String> quantiles = Quantiles.of(sorted, type, tally.forms().possible());
        return new ColumnProfile(
                column(tally, type, name, title),
                tally.isDemanded() ? Optional.of(type) : Optional.empty(),
                Optional.ofNullable(tally.told()),
                DateForm.name(tally.dateForm()),
                MarkVote.marks(tally),
                tally.values(),
                tally.nulls(),
                distinct,
                exact,
                exact && distinct == tally.values() && distinct > 0,
                least(tally, type),
                most(tally, type),
                moments.map(all -> shown(type, all.sum())),
                optional(moments.flatMap(NumberTally.Moments::mean)),
                optional(moments.flatMap(NumberTally.Moments::standardDeviation)),
                quantiles,
                quantiles.isEmpty() ? 0 : Quantiles.error(sorted, sample.level()),
                order(tally, type),
                tally.bytes(),
                tally.shortest(),
                tally.longest(),
                tally.isAscii(),
                top.of(tally, sample, column),
                exact,
                tally.isDemanded() ? List.of() : ruledOut(tally, type, title));
    }

    static Column column(ColumnTally tally, ColumnType type, String name, String title) {
        if (type != ColumnType.DECIMAL) {
            return new Column(name, title, type, 0, 0);
        }
        int scale = tally.numbers().scale();
        return new Column(name, title, type, Math.max(1, tally.numbers().integerDigits() + scale), scale);
    }

    private static Optional<NumberTally.Moments> moments(ColumnTally tally, ColumnType type) {
        if (tally.values() == 0) {
            return Optional.empty();
        }
        return switch (type) {
            case INTEGER, DECIMAL -> Optional.of(tally.numbers().moments());
            case DOUBLE -> Optional.of(tally.realsOrNone().moments());
            case BOOLEAN, DATE, TIME, TIMESTAMP, UUID, JSON, TEXT -> Optional.empty();
        };
    }

    private static String shown(ColumnType type, BigDecimal sum) {
        return type == ColumnType.DOUBLE ? sum.round(SHOWN).stripTrailingZeros().toString() : sum.toPlainString();
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.isPresent() && Double.isFinite(value.get())
                ? OptionalDouble.of(value.get())
                : OptionalDouble.empty();
    }

    private static Optional<String> least(ColumnTally tally, ColumnType type) {
        return switch (type) {
            case BOOLEAN -> tally.truths().least();
            case INTEGER, DECIMAL -> tally.numbers().least();
            case DOUBLE -> tally.realsOrNone().least();
            case TIMESTAMP -> tally.moments().earliest();
            case DATE -> tally.days().map(DayTally::earliest).orElseGet(tally.texts()::least);
            case TIME, UUID, JSON, TEXT -> tally.texts().least();
        };
    }

    private static Optional<String> most(ColumnTally tally, ColumnType type) {
        return switch (type) {
            case BOOLEAN -> tally.truths().most();
            case INTEGER, DECIMAL -> tally.numbers().most();
            case DOUBLE -> tally.realsOrNone().most();
            case TIMESTAMP -> tally.moments().latest();
            case DATE -> tally.days().map(DayTally::latest).orElseGet(tally.texts()::most);
            case TIME, UUID, JSON, TEXT -> tally.texts().most();
        };
    }

    private static SortOrder order(ColumnTally tally, ColumnType type) {
        return switch (type) {
            case BOOLEAN -> tally.truths().order();
            case INTEGER, DECIMAL -> tally.numbers().order();
            case DOUBLE -> tally.realsOrNone().order();
            case TIMESTAMP -> tally.moments().order();
            case DATE -> tally.days().map(DayTally::order).orElseGet(tally.texts()::order);
            case TIME, UUID, JSON, TEXT -> tally.texts().order();
        };
    }

    private static List<RuledOut> ruledOut(ColumnTally tally, ColumnType type, String title) {
        List<RuledOut> list = new ArrayList<>();
        if (tally.values() == 0) {
            return list;
        }
        for (ColumnType narrower : ColumnType.values()) {
            boolean isNarrower = type == ColumnType.TEXT
                    ? narrower != ColumnType.TEXT
                    : type == ColumnType.DECIMAL && narrower == ColumnType.INTEGER;
            if (isNarrower) {
                list.add(against(tally, narrower, title));
            }
        }
        return list;
    }

    private static RuledOut against(ColumnTally tally, ColumnType narrower, String title) {
        int possible = tally.forms().possible();
        boolean unclear = narrower == ColumnType.DATE && DateForm.isAmbiguous(possible);
        boolean mixed = narrower == ColumnType.TIMESTAMP && (possible & ValueForm.ANY_TIMESTAMP) != 0;
        boolean number = narrower == ColumnType.INTEGER || narrower == ColumnType.DECIMAL;
        String marks = number && tally.type() == ColumnType.TEXT ? MarkVote.undecided(possible) : "";
        String reason = unclear ? AMBIGUOUS : mixed ? MIXED : marks;
        List<Place> places = (unclear || !marks.isEmpty()
                        ? tally.forms().first()
                        : tally.forms().against(narrower))
                .stream().map(example -> place(example, title)).toList();
        return new RuledOut(narrower, reason, places);
    }

    private static Place place(FormTally.Example example, String title) {
        return new Place(
                OptionalLong.of(example.record()),
                OptionalLong.of(example.line()),
                OptionalLong.of(example.place()),
                Optional.of(Excerpt.of(title)),
                Optional.of(example.value()));
    }
}
