package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.TypedRows;
import java.io.IOException;
import java.util.Arrays;

/// The second walk: the rows a profile has counted, in the types it has decided.
final class DelimitedRows implements TypedRows {
    private final Records records;
    private final TypedRecord typed;
    private final ColumnType[] types;
    private final long expectedRows;
    private boolean started;
    private long rows;

    /// @param records at the very start of the file; from here on closed by these rows
    DelimitedRows(Records records, TableProfile profile) {
        this.records = records;
        this.types =
                profile.columns().stream().map(column -> column.column().type()).toArray(ColumnType[]::new);
        this.typed = new TypedRecord(profile.dialect().headers(), types);
        this.expectedRows = profile.rows();
    }

    @Override
    public boolean next() throws JobFailure, IOException {
        if (!started) {
            started = true;
            records.next();
        }
        while (records.next()) {
            if (typed.read(records.current()) == null) {
                rows++;
                return true;
            }
        }
        if (rows != expectedRows) {
            throw new JobFailure(new Failure.Transient(
                    FailureCode.SOURCE_CHANGED,
                    "the file had %d rows when it was first read and has %d now".formatted(expectedRows, rows),
                    Place.NONE));
        }
        return false;
    }

    @Override
    public boolean isNull(int column) {
        return records.current().isNull(column);
    }

    @Override
    public long integer(int column) {
        require(column, ColumnType.INTEGER, ColumnType.BOOLEAN);
        return typed.whole(column);
    }

    @Override
    public double real(int column) {
        require(column, ColumnType.DOUBLE);
        return typed.real(column);
    }

    @Override
    public String text(int column) {
        require(column, ColumnType.TEXT, ColumnType.DECIMAL, ColumnType.DATE, ColumnType.TIMESTAMP);
        return types[column] == ColumnType.TIMESTAMP
                ? typed.iso(records.current(), column)
                : records.current().text(column);
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private void require(int column, ColumnType... allowed) {
        if (!Arrays.asList(allowed).contains(types[column])) {
            throw new IllegalStateException("column %d is %s".formatted(column, types[column].label()));
        }
    }
}
