package dev.belay.tabular;

import dev.belay.job.Excerpt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What plain decimal numbers come to: smallest, largest, order, digits, and their exact sums, so that it does not
/// matter in which portions they are added.
///
/// Numbers of up to 19 digits are added up as wholes, for each scale: their sum in 128 bits, that of their squares in
/// 192. Only longer ones become objects.
final class NumberTally {
    private static final int SCALES = NumberForm.MOST_SCALE + 1;
    // Sum low, sum high, squares low, middle, high.
    private static final int WORDS = 5;
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

    private final DecimalValue least = new DecimalValue();
    private final DecimalValue most = new DecimalValue();
    private final DecimalValue first = new DecimalValue();
    private final DecimalValue last = new DecimalValue();
    private final long[] sums = new long[SCALES * WORDS];
    private @Nullable BigDecimal longSum;
    private @Nullable BigDecimal longSquares;
    private long count;
    private boolean rises;
    private boolean falls;
    private int integerDigits;
    private int scale;

    void clear() {
        least.clear();
        most.clear();
        first.clear();
        last.clear();
        if (count > 0) {
            Arrays.fill(sums, 0);
        }
        longSum = null;
        longSquares = null;
        count = 0;
        rises = false;
        falls = false;
        integerDigits = 0;
        scale = 0;
    }

    /// Takes in the number just read from `bytes[from, to)`.
    void add(NumberForm number, byte[] bytes, int from, int to) {
        count++;
        integerDigits = Math.max(integerDigits, number.integerDigits());
        scale = Math.max(scale, number.scale());
        if (number.isSmall()) {
            add(number.unscaled(), number.scale());
        } else {
            addLong(bytes, from, to);
        }
    }

    private void add(long value, int valueScale) {
        if (!least.any() || !least.isSmall() || !most.isSmall()) {
            addSlowly(value, valueScale);
        } else {
            if (DecimalValue.compare(value, valueScale, least.unscaled(), least.scale()) < 0) {
                least.set(value, valueScale);
            }
            if (DecimalValue.compare(value, valueScale, most.unscaled(), most.scale()) > 0) {
                most.set(value, valueScale);
            }
        }
        if (!rises || !falls) {
            follow(value, valueScale);
        }
        int at = valueScale * WORDS;
        long low = sums[at] + value;
        sums[at] = low;
        sums[at + 1] += (value >> 63) + (Long.compareUnsigned(low, value) < 0 ? 1 : 0);
        long square = value * value;
        long squares = sums[at + 2] + square;
        sums[at + 2] = squares;
        long carry = Math.multiplyHigh(value, value) + (Long.compareUnsigned(squares, square) < 0 ? 1 : 0);
        long middle = sums[at + 3] + carry;
        sums[at + 3] = middle;
        sums[at + 4] += Long.compareUnsigned(middle, carry) < 0 ? 1 : 0;
    }

    private void addSlowly(long value, int valueScale) {
        var number = new DecimalValue();
        number.set(value, valueScale);
        bound(number);
    }

    private void follow(long value, int valueScale) {
        if (!last.any()) {
            first.set(value, valueScale);
        } else if (last.isSmall()) {
            note(DecimalValue.compare(last.unscaled(), last.scale(), value, valueScale));
        } else {
            var number = new DecimalValue();
            number.set(value, valueScale);
            note(last.compareTo(number));
        }
        last.set(value, valueScale);
    }

    private void addLong(byte[] bytes, int from, int to) {
        var number = new DecimalValue();
        number.set(bytes, from, to);
        bound(number);
        if (last.any()) {
            note(last.compareTo(number));
        } else {
            first.set(number);
        }
        last.set(number);
        var exact = new BigDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        longSum = longSum == null ? exact : longSum.add(exact);
        longSquares = longSquares == null ? exact.multiply(exact) : longSquares.add(exact.multiply(exact));
    }

    private void bound(DecimalValue number) {
        if (!least.any() || number.compareTo(least) < 0) {
            least.set(number);
        }
        if (!most.any() || number.compareTo(most) > 0) {
            most.set(number);
        }
    }

    private void note(int order) {
        rises |= order < 0;
        falls |= order > 0;
    }

    /// Takes in what came after.
    void add(NumberTally later) {
        if (later.count == 0) {
            return;
        }
        bound(later.least);
        bound(later.most);
        rises |= later.rises;
        falls |= later.falls;
        if (last.any()) {
            note(last.compareTo(later.first));
        } else {
            first.set(later.first);
        }
        last.set(later.last);
        for (int at = 0; at < sums.length; at += WORDS) {
            addWords(at, later.sums, 2);
            addWords(at + 2, later.sums, 3);
        }
        if (later.longSum != null && later.longSquares != null) {
            longSum = longSum == null ? later.longSum : longSum.add(later.longSum);
            longSquares = longSquares == null ? later.longSquares : longSquares.add(later.longSquares);
        }
        count += later.count;
        integerDigits = Math.max(integerDigits, later.integerDigits);
        scale = Math.max(scale, later.scale);
    }

    private void addWords(int at, long[] others, int words) {
        long carry = 0;
        for (int word = at; word < at + words; word++) {
            long sum = sums[word] + others[word];
            long next = Long.compareUnsigned(sum, others[word]) < 0 ? 1 : 0;
            long with = sum + carry;
            next += carry == 1 && with == 0 ? 1 : 0;
            sums[word] = with;
            carry = next;
        }
    }

    Optional<String> least() {
        return least.any() ? Optional.of(Excerpt.of(least.text())) : Optional.empty();
    }

    Optional<String> most() {
        return most.any() ? Optional.of(Excerpt.of(most.text())) : Optional.empty();
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, count > 0);
    }

    int integerDigits() {
        return integerDigits;
    }

    int scale() {
        return scale;
    }

    Moments moments() {
        BigDecimal sum = longSum == null ? BigDecimal.ZERO : longSum;
        BigDecimal squares = longSquares == null ? BigDecimal.ZERO : longSquares;
        for (int digits = 0; digits < SCALES; digits++) {
            int at = digits * WORDS;
            var whole = BigInteger.valueOf(sums[at + 1]).multiply(WORD).add(unsigned(sums[at]));
            var wholeSquares = unsigned(sums[at + 4])
                    .multiply(WORD)
                    .add(unsigned(sums[at + 3]))
                    .multiply(WORD)
                    .add(unsigned(sums[at + 2]));
            if (wholeSquares.signum() != 0) {
                sum = sum.add(new BigDecimal(whole, digits));
                squares = squares.add(new BigDecimal(wholeSquares, 2 * digits));
            }
        }
        return Moments.of(count, sum, squares);
    }

    private static BigInteger unsigned(long word) {
        BigInteger value = BigInteger.valueOf(word);
        return word < 0 ? value.add(WORD) : value;
    }

    /// What numbers come to.
    ///
    /// @param mean              rounded once
    /// @param standardDeviation of a sample, rounded once; empty for less than two numbers
    record Moments(BigDecimal sum, Optional<Double> mean, Optional<Double> standardDeviation) {
        private static final MathContext ENOUGH = new MathContext(60);

        static Moments of(long count, BigDecimal sum, BigDecimal squares) {
            if (count == 0) {
                return new Moments(sum, Optional.empty(), Optional.empty());
            }
            BigDecimal number = BigDecimal.valueOf(count);
            Optional<Double> deviation = Optional.empty();
            if (count > 1) {
                BigDecimal spread = number.multiply(squares).subtract(sum.multiply(sum));
                BigDecimal variance = spread.divide(number.multiply(BigDecimal.valueOf(count - 1)), ENOUGH);
                deviation = Optional.of(variance.sqrt(ENOUGH).doubleValue());
            }
            return new Moments(sum, Optional.of(sum.divide(number, ENOUGH).doubleValue()), deviation);
        }
    }
}
