package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The second walk: the rows a profile has counted, in the types it has decided, as one part.
record DelimitedRows(TableBytes bytes, ReadLimits limits, TableProfile profile) implements TypedTable {
    @Override
    public int parts() {
        return 1;
    }

    @Override
    public long rowsBefore(int part) {
        return 0;
    }

    @Override
    public long rows() {
        return profile.rows();
    }

    @Override
    public void read(int part, RowSink sink) throws JobFailure, IOException {
        Dialect dialect = profile.dialect();
        ColumnType[] types =
                profile.columns().stream().map(column -> column.column().type()).toArray(ColumnType[]::new);
        var typed = new TypedRecord(dialect.headers(), types);
        long found = 0;
        try (var records = new Records(bytes, dialect.format(), limits, Progress.SILENT, dialect.headers())) {
            records.next();
            while (records.next()) {
                if (typed.read(records.current()) == null) {
                    give(records.current(), typed, types, sink);
                    found++;
                }
            }
        }
        if (found != profile.rows()) {
            throw new JobFailure(new Failure.Transient(
                    FailureCode.SOURCE_CHANGED,
                    "the file had %d rows when it was first read and has %d now".formatted(profile.rows(), found),
                    Place.NONE));
        }
    }

    private static void give(RecordBuffer record, TypedRecord typed, ColumnType[] types, RowSink sink)
            throws JobFailure, IOException {
        for (int column = 0; column < types.length; column++) {
            if (record.isNull(column)) {
                sink.nothing(column);
            } else {
                switch (types[column]) {
                    case BOOLEAN, INTEGER -> sink.integer(column, typed.whole(column));
                    case DOUBLE -> sink.real(column, typed.real(column));
                    case TEXT, DECIMAL, DATE -> give(column, record.text(column), sink);
                    case TIMESTAMP -> give(column, typed.iso(record, column), sink);
                }
            }
        }
        sink.endRow();
    }

    private static void give(int column, String text, RowSink sink) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        sink.text(column, utf8, 0, utf8.length);
    }

    @Override
    public void close() {
        // Nothing is open between two reads.
    }
}
