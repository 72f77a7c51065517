package dev.belay.datastore.sqlite;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows over lists, cut into parts at given places; decimals of at most 18 digits come as numbers.
///
/// @param columns of the source, in its order
/// @param borders the numbers of rows before each part, and that of all
record CutRows(List<Column> columns, List<? extends List<? extends @Nullable Object>> all, List<Integer> borders)
        implements TypedTable {
    static CutRows whole(List<Column> columns, List<? extends List<? extends @Nullable Object>> rows) {
        return new CutRows(columns, rows, List.of(0, rows.size()));
    }

    @Override
    public int parts() {
        return borders.size() - 1;
    }

    @Override
    public long rowsBefore(int part) {
        return borders.get(part);
    }

    @Override
    public long rows() {
        return all.size();
    }

    @Override
    public void read(int part, RowSink sink) throws JobFailure, IOException {
        for (List<? extends @Nullable Object> row : all.subList(borders.get(part), borders.get(part + 1))) {
            for (int column = 0; column < columns.size(); column++) {
                Object value = row.get(column);
                if (columns.get(column).type() == ColumnType.DECIMAL && value != null) {
                    decimal(column, value.toString(), sink);
                } else {
                    ListRows.give(sink, column, value);
                }
            }
            sink.endRow();
        }
    }

    private static void decimal(int column, String text, RowSink sink) {
        BigDecimal decimal = new BigDecimal(text);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (text.length() <= 18) {
            long unscaled = decimal.unscaledValue().longValueExact();
            sink.decimal(column, bytes, 0, bytes.length, unscaled, decimal.scale());
        } else {
            sink.text(column, bytes, 0, bytes.length);
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
