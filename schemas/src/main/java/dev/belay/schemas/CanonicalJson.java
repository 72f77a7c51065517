package dev.belay.schemas;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The one spelling of a JSON value, after RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as
/// ECMAScript writes a double. Two values that mean the same have the same canonical text.
public final class CanonicalJson {
    private static final double LARGEST_EXACT_INTEGER = 9_007_199_254_740_991.0;

    private CanonicalJson() {}

    /// The canonical text of `tree`.
    ///
    /// @throws IllegalArgumentException if it holds what has no canonical form: a number that is not finite, an
    /// integer beyond 2^53 - 1, a lone surrogate
    public static String of(JsonNode tree) {
        StringBuilder out = new StringBuilder();
        write(tree, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node, out);
            case ARRAY -> writeArray(node, out);
            case STRING -> writeText(node.stringValue(), out);
            case NUMBER -> out.append(number(node));
            case BOOLEAN, NULL -> out.append(node);
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not a JSON value: " + node.getNodeType());
        }
    }

    private static void writeObject(JsonNode node, StringBuilder out) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        out.append('{');
        String separator = "";
        for (var field : sorted.entrySet()) {
            out.append(separator);
            writeText(field.getKey(), out);
            out.append(':');
            write(field.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeArray(JsonNode node, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            out.append(i == 0 ? "" : ",");
            write(node.get(i), out);
        }
        out.append(']');
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> writeCharacter(c, out);
            }
        });
        out.append('"');
    }

    private static void writeCharacter(int c, StringBuilder out) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw new IllegalArgumentException("a lone surrogate has no canonical form");
        }
        if (c < 0x20) {
            out.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
        } else {
            out.appendCodePoint(c);
        }
    }

    private static String number(JsonNode node) {
        double value = node.doubleValue(Double.NaN);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the number has no canonical form, it is not a finite double");
        }
        if (node.isIntegralNumber() && Math.abs(value) > LARGEST_EXACT_INTEGER) {
            throw new IllegalArgumentException("the integer has no canonical form, it is beyond 2^53 - 1");
        }
        return number(value);
    }

    /// ECMA-262, Number::toString: the shortest digits that give the double back, plain from 1e-6 to below 1e21.
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (point > 21 || point < -5) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + "e" + (point > 0 ? "+" : "-") + Math.abs(point - 1);
        }
        if (point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return sign + digits + "0".repeat(point - digits.length());
        }
        return sign + digits.substring(0, point) + "." + digits.substring(point);
    }

    /// Java writes two digits where one would do, as in 4.9E-324, which ECMAScript writes as 5e-324.
    private static BigDecimal shortest(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value));
        BigDecimal one = digits.round(new MathContext(1));
        return (one.doubleValue() == value ? one : digits).stripTrailingZeros();
    }
}
