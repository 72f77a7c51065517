package dev.belay.format;

import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Values of Parquet as text, and as JSON where they have values in them.
final class ParquetValues {
    private ParquetValues() {}

    static String text(@Nullable Object value) {
        return switch (value) {
            case BigDecimal number -> number.toPlainString();
            case Double number -> SerialNumbers.shortest(number);
            case Float number -> SerialNumbers.shortest(Double.parseDouble(number.toString()));
            case LocalDateTime moment -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment);
            case Instant moment -> DateTimeFormatter.ISO_INSTANT.format(moment);
            case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case PqList _, PqStruct _, PqMap _ -> json(value);
            case null -> "";
            default -> value.toString();
        };
    }

    private static String json(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case PqList list ->
                IntStream.range(0, list.size())
                        .mapToObj(at -> json(list.isNull(at) ? null : list.get(at)))
                        .collect(Collectors.joining(",", "[", "]"));
            case PqStruct struct ->
                IntStream.range(0, struct.getFieldCount())
                        .mapToObj(at -> {
                            String name = struct.getFieldName(at);
                            return quoted(name) + ":" + json(struct.isNull(name) ? null : struct.getValue(name));
                        })
                        .collect(Collectors.joining(",", "{", "}"));
            case PqMap map ->
                map.getEntries().stream()
                        .map(entry -> quoted(text(entry.getKey())) + ":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Boolean truth -> truth.toString();
            case Double number when number.isNaN() || number.isInfinite() -> quoted(number.toString());
            case Float number when number.isNaN() || number.isInfinite() -> quoted(number.toString());
            case Number number -> text(number);
            default -> quoted(text(value));
        };
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            switch (one) {
                case '"', '\\' -> quoted.append('\\').append(one);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (one < 0x20) {
                        quoted.append("\\u%04x".formatted((int) one));
                    } else {
                        quoted.append(one);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
