package dev.belay.datastore.sqlite;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tables with values around every border of the file format.
final class TableGenerator {
    private static final String ALPHABET = "abc xyz,\"'0189\u00e4\u20ac\n";
    private static final String SMILE = "\ud83d\ude00";

    private final Random random;

    TableGenerator(Random random) {
        this.random = random;
    }

    List<Column> columns(int count) {
        var columns = new ArrayList<Column>();
        ColumnType[] types = ColumnType.values();
        for (int at = 0; at < count; at++) {
            String name = "c" + at;
            ColumnType type = types[random.nextInt(types.length)];
            boolean isDecimal = type == ColumnType.DECIMAL;
            columns.add(new Column(name, name, type, isDecimal ? 9 + random.nextInt(20) : 0, isDecimal ? 4 : 0));
        }
        return columns;
    }

    /// Some of the numbers below `count`, at least one.
    List<Integer> someInAnyOrder(int count) {
        var places = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        if (random.nextInt(3) > 0) {
            Collections.shuffle(places, random);
        }
        return places.subList(0, random.nextInt(3) == 0 ? 1 + random.nextInt(count) : count);
    }

    /// @param pageSize around whose borders texts are to be long
    List<List<@Nullable Object>> rows(List<Column> columns, int count, int pageSize) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int row = 0; row < count; row++) {
            var values = new ArrayList<@Nullable Object>();
            boolean isLong = random.nextInt(20) == 0;
            for (Column column : columns) {
                values.add(random.nextInt(6) == 0 ? null : value(column, isLong ? pageSize : 0));
            }
            rows.add(values);
        }
        return rows;
    }

    private Object value(Column column, int pageSize) {
        return switch (column.type()) {
            case BOOLEAN -> (long) random.nextInt(2);
            case INTEGER -> integer();
            case DOUBLE -> random.nextInt(3) == 0 ? (double) integer() : Double.longBitsToDouble(finite());
            case DECIMAL -> decimal();
            case DATE -> "2026-11-%02d".formatted(1 + random.nextInt(28));
            case TIMESTAMP -> "2026-11-25T%02d:59:59.5Z".formatted(random.nextInt(24));
            case TIME -> "%02d:59".formatted(random.nextInt(24));
            case UUID -> "01234567-89ab-cdef-0123-%012x".formatted(random.nextInt(1 << 20));
            case JSON -> "{\"a\": [%d]}".formatted(random.nextInt(100));
            case TEXT -> text(pageSize);
        };
    }

    private long integer() {
        long bits = random.nextLong() >>> random.nextInt(64);
        return switch (random.nextInt(3)) {
            case 0 -> bits;
            case 1 -> -bits;
            default -> (1L << random.nextInt(64)) * (random.nextBoolean() ? 1 : -1) + random.nextInt(3) - 1;
        };
    }

    private long finite() {
        long bits = random.nextLong();
        return Double.isFinite(Double.longBitsToDouble(bits)) ? bits : 0;
    }

    private String decimal() {
        String whole = Integer.toString(random.nextInt(100_000));
        return (random.nextBoolean() ? "-" : "")
                + whole
                + (random.nextBoolean() ? "" : "." + (1000 + random.nextInt(9000)));
    }

    private String text(int pageSize) {
        int most = pageSize > 0 && random.nextInt(3) == 0 ? 3 * pageSize : 70;
        int length = random.nextInt(most);
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return random.nextInt(10) == 0 ? text + SMILE : text.toString();
    }
}
