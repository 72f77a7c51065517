package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import java.util.Optional;

/// The smallest and largest value of a column in the order of its type. Since the type is only known at the end, every
/// order that is still possible is kept.
final class ValueRange {
    private final TextRange text = new TextRange();
    private final DecimalRange decimal = new DecimalRange();
    private boolean falseSeen;
    private boolean trueSeen;
    private boolean wholeSeen;
    private long leastWhole = Long.MAX_VALUE;
    private long mostWhole = Long.MIN_VALUE;
    private double leastReal = Double.POSITIVE_INFINITY;
    private double mostReal = Double.NEGATIVE_INFINITY;
    private Moment earliest = new Moment(Long.MAX_VALUE, 0, "");
    private Moment latest = new Moment(Long.MIN_VALUE, 0, "");

    private record Moment(long second, int nano, String iso) {
        int compare(TimeForm time) {
            int seconds = Long.compare(second, time.second());
            return seconds == 0 ? Integer.compare(nano, time.nano()) : seconds;
        }
    }

    /// Any value.
    void addText(char[] chars, int from, int to) {
        text.add(chars, from, to);
    }

    /// A value that is read as `type`, as its form has it.
    void add(ColumnType type, ValueForm form, char[] chars, int from, int to) {
        switch (type) {
            case BOOLEAN -> {
                trueSeen |= form.truth();
                falseSeen |= !form.truth();
            }
            case INTEGER -> {
                wholeSeen = true;
                leastWhole = Math.min(leastWhole, form.number().whole());
                mostWhole = Math.max(mostWhole, form.number().whole());
            }
            case DECIMAL -> decimal.add(chars, from, to);
            case DOUBLE -> {
                double real = form.real();
                leastReal = Math.min(leastReal, real);
                mostReal = Math.max(mostReal, real);
            }
            case TIMESTAMP -> addMoment(form.time(), from);
            case DATE, TEXT -> {
                // The order of the text.
            }
        }
    }

    /// Goes on in exact decimals with what was seen as whole numbers.
    void widenToDecimal() {
        if (wholeSeen) {
            for (long bound : new long[] {leastWhole, mostWhole}) {
                char[] digits = Long.toString(bound).toCharArray();
                decimal.add(digits, 0, digits.length);
            }
        }
    }

    /// How many different truth values there were.
    int truths() {
        return (trueSeen ? 1 : 0) + (falseSeen ? 1 : 0);
    }

    Optional<String> least(ColumnType type) {
        Optional<String> least = switch (type) {
            case BOOLEAN -> truth(falseSeen, false);
            case INTEGER -> wholeSeen ? Optional.of(Long.toString(leastWhole)) : Optional.empty();
            case DECIMAL -> decimal.least();
            case DOUBLE -> text.first().map(any -> Double.toString(leastReal));
            case TIMESTAMP -> text.first().map(any -> earliest.iso());
            case DATE, TEXT -> text.first();
        };
        return least.map(Excerpt::of);
    }

    Optional<String> most(ColumnType type) {
        Optional<String> most = switch (type) {
            case BOOLEAN -> truth(trueSeen, true);
            case INTEGER -> wholeSeen ? Optional.of(Long.toString(mostWhole)) : Optional.empty();
            case DECIMAL -> decimal.most();
            case DOUBLE -> text.last().map(any -> Double.toString(mostReal));
            case TIMESTAMP -> text.last().map(any -> latest.iso());
            case DATE, TEXT -> text.last();
        };
        return most.map(Excerpt::of);
    }

    private Optional<String> truth(boolean seen, boolean preferred) {
        return truths() == 0 ? Optional.empty() : Optional.of(Boolean.toString(seen == preferred));
    }

    private void addMoment(TimeForm time, int from) {
        if (earliest.compare(time) > 0) {
            earliest = new Moment(time.second(), time.nano(), time.iso(from));
        }
        if (latest.compare(time) < 0) {
            latest = new Moment(time.second(), time.nano(), time.iso(from));
        }
    }
}
