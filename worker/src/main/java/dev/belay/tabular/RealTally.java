package dev.belay.tabular;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/// What floating-point numbers come to. Sums are exact, so that it does not matter in which portions they are added.
final class RealTally {
    private double least;
    private double most;
    private double first;
    private double last;
    private long count;
    private boolean rises;
    private boolean falls;
    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();

    RealTally() {
        clear();
    }

    void clear() {
        least = Double.POSITIVE_INFINITY;
        most = Double.NEGATIVE_INFINITY;
        rises = false;
        falls = false;
        if (count > 0) {
            sum.clear();
            squares.clear();
        }
        count = 0;
    }

    void add(double value) {
        least = Math.min(least, value);
        most = Math.max(most, value);
        if (count == 0) {
            first = value;
        } else {
            note(last, value);
        }
        last = value;
        count++;
        sum.add(value);
        squares.addSquare(value);
    }

    /// Takes in what came after.
    void add(RealTally later) {
        if (later.count == 0) {
            return;
        }
        least = Math.min(least, later.least);
        most = Math.max(most, later.most);
        rises |= later.rises;
        falls |= later.falls;
        if (count == 0) {
            first = later.first;
        } else {
            note(last, later.first);
        }
        last = later.last;
        count += later.count;
        sum.add(later.sum);
        squares.add(later.squares);
    }

    private void note(double before, double after) {
        rises |= after > before;
        falls |= after < before;
    }

    Optional<String> least() {
        return count == 0 ? Optional.empty() : Optional.of(Double.toString(least));
    }

    Optional<String> most() {
        return count == 0 ? Optional.empty() : Optional.of(Double.toString(most));
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, count > 0);
    }

    NumberTally.Moments moments() {
        return NumberTally.Moments.of(count, sum.value(), squares.value());
    }

    /// A sum of doubles, or of their squares, that loses nothing: one long number in limbs of 32 bits with room above
    /// for carries.
    private static final class ExactSum {
        private static final int LIMB = 32;
        // Two to the power of this is the value of the lowest bit: that of the smallest square.
        private static final int LOWEST = -2 * 1074;
        private static final int LIMBS = (2 * 1024 - LOWEST) / LIMB + 3;
        private static final int CARRY_EVERY = 1 << 20;
        private static final long LOW = 0xFFFFFFFFL;

        private final long[] limbs = new long[LIMBS];
        private int added;

        void clear() {
            Arrays.fill(limbs, 0);
            added = 0;
        }

        void add(double value) {
            add(0, mantissa(value), exponent(value), value < 0);
        }

        void addSquare(double value) {
            long mantissa = mantissa(value);
            add(Math.multiplyHigh(mantissa, mantissa), mantissa * mantissa, 2 * exponent(value), false);
        }

        private static long mantissa(double value) {
            long bits = Double.doubleToRawLongBits(value);
            long fraction = bits & ((1L << 52) - 1);
            return (bits >>> 52 & 0x7FF) == 0 ? fraction : fraction | 1L << 52;
        }

        private static int exponent(double value) {
            int exponent = (int) (Double.doubleToRawLongBits(value) >>> 52 & 0x7FF);
            return Math.max(exponent, 1) - 1075;
        }

        private void add(long high, long low, int exponent, boolean negative) {
            int shift = exponent - LOWEST;
            int limb = shift / LIMB;
            int bits = shift % LIMB;
            long sign = negative ? -1 : 1;
            long carry = 0;
            for (int word = 0; word < 4; word++) {
                long half = (word < 2 ? low : high) >>> (word % 2 * LIMB) & LOW;
                long shifted = half << bits;
                limbs[limb + word] += sign * ((shifted & LOW) + carry);
                carry = shifted >>> LIMB;
            }
            limbs[limb + 4] += sign * carry;
            if (++added == CARRY_EVERY) {
                carry();
            }
        }

        void add(ExactSum other) {
            carry();
            other.carry();
            for (int at = 0; at < LIMBS; at++) {
                limbs[at] += other.limbs[at];
            }
            carry();
        }

        private void carry() {
            added = 0;
            for (int at = 0; at < LIMBS - 1; at++) {
                limbs[at + 1] += limbs[at] >> LIMB;
                limbs[at] &= LOW;
            }
        }

        BigDecimal value() {
            BigInteger sum = BigInteger.ZERO;
            for (int at = LIMBS - 1; at >= 0; at--) {
                sum = sum.shiftLeft(LIMB).add(BigInteger.valueOf(limbs[at]));
            }
            int zeros = Math.max(0, sum.getLowestSetBit());
            BigDecimal whole = new BigDecimal(sum.shiftRight(zeros));
            int power = LOWEST + zeros;
            return power >= 0
                    ? whole.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(power)))
                    : whole.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-power)));
        }
    }
}
