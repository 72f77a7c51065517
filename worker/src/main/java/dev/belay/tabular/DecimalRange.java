package dev.belay.tabular;

import java.util.Optional;

/// The smallest and largest of plain decimal numbers, compared exactly by their digits.
final class DecimalRange {
    private String least = "";
    private String most = "";

    /// @param chars a plain decimal: no leading zeros, no exponent
    void add(char[] chars, int from, int to) {
        if (least.isEmpty()) {
            least = new String(chars, from, to - from);
            most = least;
        } else if (compare(chars, from, to, least) < 0) {
            least = new String(chars, from, to - from);
        } else if (compare(chars, from, to, most) > 0) {
            most = new String(chars, from, to - from);
        }
    }

    Optional<String> least() {
        return least.isEmpty() ? Optional.empty() : Optional.of(least);
    }

    Optional<String> most() {
        return most.isEmpty() ? Optional.empty() : Optional.of(most);
    }

    private static int compare(char[] chars, int from, int to, String other) {
        boolean negative = chars[from] == '-';
        boolean otherNegative = other.charAt(0) == '-';
        if (negative != otherNegative) {
            return negative ? -1 : 1;
        }
        int size = size(chars, negative ? from + 1 : from, to, other, negative ? 1 : 0);
        return negative ? -size : size;
    }

    /// Compares without signs: the longer whole part is larger, then the first digit that differs decides.
    private static int size(char[] chars, int from, int to, String other, int otherFrom) {
        int point = from;
        while (point < to && chars[point] != '.') {
            point++;
        }
        int otherPoint = other.indexOf('.');
        int otherWhole = (otherPoint < 0 ? other.length() : otherPoint) - otherFrom;
        if (point - from != otherWhole) {
            return Integer.compare(point - from, otherWhole);
        }
        int length = Math.max(to - from, other.length() - otherFrom);
        for (int at = 0; at < length; at++) {
            char digit = from + at < to ? chars[from + at] : '0';
            char otherDigit = otherFrom + at < other.length() ? other.charAt(otherFrom + at) : '0';
            if (digit != otherDigit && digit != '.' && otherDigit != '.') {
                return Integer.compare(digit, otherDigit);
            }
        }
        return 0;
    }
}
