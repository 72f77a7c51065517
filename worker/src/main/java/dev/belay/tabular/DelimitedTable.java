package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/// The second walk: the rows a profile has counted, in the types it has decided, in the parts the first walk found.
final class DelimitedTable implements TypedTable {
    private final TableBytes bytes;
    private final ReadLimits limits;
    private final TableProfile profile;
    private final ColumnType[] types;
    private final @Nullable DateOrder[] orders;
    private final int[] marks;
    private final int longest;
    private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();

    DelimitedTable(TableBytes bytes, ReadLimits limits, TableProfile profile) {
        this.bytes = bytes;
        this.limits = limits;
        this.profile = profile;
        this.types =
                profile.columns().stream().map(column -> column.column().type()).toArray(ColumnType[]::new);
        this.orders = new DateOrder[types.length];
        this.marks = new int[types.length];
        for (int column = 0; column < types.length; column++) {
            ColumnProfile its = profile.columns().get(column);
            marks[column] = its.numberMarks().map(MarkForm::mask).orElse(0);
            orders[column] = types[column] == ColumnType.DATE ? order(its) : null;
        }
        this.longest = Math.toIntExact(profile.parts().stream()
                .mapToLong(part -> part.to() - part.from())
                .max()
                .orElse(0));
    }

    /// The order in which dates are read that are not written as ISO 8601 has it; null when there can be none.
    private static @Nullable DateOrder order(ColumnProfile column) {
        if (column.demanded().isPresent()) {
            return column.dateOrder().orElse(null);
        }
        return column.dateFormat()
                .map(format -> format.startsWith("m") ? DateOrder.MDY : DateOrder.DMY)
                .orElse(null);
    }

    @Override
    public int parts() {
        return profile.parts().size();
    }

    @Override
    public long rowsBefore(int part) {
        return profile.parts().get(part).before();
    }

    @Override
    public long rows() {
        return profile.rows();
    }

    @Override
    public void read(int part, RowSink sink) throws JobFailure, IOException {
        Reader reader = idle.poll();
        if (reader == null) {
            reader = new Reader();
        }
        reader.read(profile.parts().get(part), sink);
        idle.push(reader);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    /// What one thread needs to read one part after the other.
    private final class Reader {
        private final Window window = new Window(bytes, longest);
        private final Cutter cutter = new Cutter(window, profile.dialect().format(), types.length, limits);
        private final RecordGate gate = RecordGate.of(profile);
        private final NullTokens nulls = new NullTokens(profile.nullTexts());
        private final ValueForm form = new ValueForm();
        private final int[] spans = new int[2 * types.length];
        private final byte[] iso = new byte[TimeForm.LONGEST];

        void read(Part part, RowSink sink) throws JobFailure, IOException {
            if (bytes.size() != profile.bytes()) {
                throw changed("the file had %d bytes when it was first read and has %d now"
                        .formatted(profile.bytes(), bytes.size()));
            }
            window.open(part.from(), part.to());
            window.read(part.to() - part.from());
            cutter.open(0, part.to());
            long rows = 0;
            Cutter.Step step;
            while ((step = cutter.next(spans, 0)) == Cutter.Step.RECORD) {
                if (cutter.count() == types.length) {
                    nulls.take(window.bytes(), spans, 0);
                }
                if (gate.check(cutter, window.bytes(), spans, 0) == null) {
                    give(sink);
                    rows++;
                }
            }
            if (step != Cutter.Step.END || rows != part.rows()) {
                throw changed("bytes %d to %d of the file had %d rows when they were first read and have %d now"
                        .formatted(part.from(), part.to(), part.rows(), rows));
            }
        }

        private void give(RowSink sink) throws JobFailure, IOException {
            byte[] source = window.bytes();
            for (int column = 0; column < types.length; column++) {
                int from = spans[2 * column];
                int to = spans[2 * column + 1];
                ColumnType type = types[column];
                if (from == to) {
                    sink.nothing(column);
                } else if (type == ColumnType.TEXT) {
                    sink.text(column, source, from, to);
                } else if (type == ColumnType.INTEGER || type == ColumnType.DECIMAL) {
                    giveNumber(sink, column, from, to);
                } else {
                    giveOther(sink, column, from, to);
                }
            }
            sink.endRow();
        }

        private void giveNumber(RowSink sink, int column, int from, int to) throws JobFailure {
            boolean marked = marks[column] != 0;
            int forms = marked
                    ? form.read(window.bytes(), from, to, marks[column])
                    : form.number().read(window.bytes(), from, to);
            if ((forms & ValueForm.formsOf(types[column])) == 0) {
                throw otherType(column);
            }
            if (types[column] == ColumnType.INTEGER) {
                sink.integer(column, form.number().whole());
            } else if (marked) {
                giveDecimal(sink, column, form.plain(), 0, form.plainSize());
            } else {
                giveDecimal(sink, column, window.bytes(), from, to);
            }
        }

        private void giveOther(RowSink sink, int column, int from, int to) throws JobFailure {
            byte[] source = window.bytes();
            DateOrder order = orders[column];
            int forms = marks[column] == 0 ? form.read(source, from, to) : form.read(source, from, to, marks[column]);
            boolean isIso = (forms & ValueForm.DATE) != 0;
            if (!form.fits(types[column], order)) {
                throw otherType(column);
            }
            switch (types[column]) {
                case BOOLEAN -> sink.integer(column, form.truth() ? 1 : 0);
                case DOUBLE -> sink.real(column, form.real());
                case TIMESTAMP -> sink.text(column, iso, 0, form.time().iso(from, iso));
                case DATE -> {
                    if (isIso || order == null) {
                        sink.text(column, source, from, to);
                    } else {
                        sink.text(column, iso, 0, form.date().iso(order, iso));
                    }
                }
                case INTEGER, DECIMAL, TIME, UUID, JSON, TEXT -> sink.text(column, source, from, to);
            }
        }

        // The first walk has proven every value: only a file that was changed since can have another.
        private JobFailure otherType(int column) {
            return changed("column %d had only values of type %s when the file was first read and has others now"
                    .formatted(column + 1, types[column].label()));
        }

        private void giveDecimal(RowSink sink, int column, byte[] source, int from, int to) {
            NumberForm number = form.number();
            long size = number.unscaled();
            if (number.isSmall() && size < NumberForm.LARGE && size > -NumberForm.LARGE) {
                sink.decimal(column, source, from, to, size, number.scale());
            } else {
                sink.text(column, source, from, to);
            }
        }
    }

    private static JobFailure changed(String message) {
        return new JobFailure(new Failure.Transient(FailureCode.SOURCE_CHANGED, message, Place.NONE));
    }
}
