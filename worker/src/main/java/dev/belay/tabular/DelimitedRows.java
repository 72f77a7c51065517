package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.TypedRows;
import java.io.IOException;

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
        require(types[column] == ColumnType.INTEGER || types[column] == ColumnType.BOOLEAN, column);
        return typed.whole(column);
    }

    @Override
    public double real(int column) {
        require(types[column] == ColumnType.DOUBLE, column);
        return typed.real(column);
    }

    @Override
    public String text(int column) {
        return switch (types[column]) {
            case TEXT, DECIMAL, DATE -> records.current().text(column);
            case TIMESTAMP -> typed.iso(records.current(), column);
            case BOOLEAN, INTEGER, DOUBLE -> throw otherForm(column);
        };
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private void require(boolean form, int column) {
        if (!form) {
            throw otherForm(column);
        }
    }

    private IllegalStateException otherForm(int column) {
        return new IllegalStateException(
                "column %d is %s and has its values in another form".formatted(column, types[column].label()));
    }
}
