package dev.belay.tabular;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.RowSink;
import dev.belay.job.TableDraft;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The second walk: the rows a profile has counted, in the types it has decided, in the parts the first walk found.
final class DelimitedTable implements TypedTable {
    private final TableBytes bytes;
    private final ReadLimits limits;
    private final TableProfile profile;
    private final ValueReading reading;
    private final Optional<TableDraft> draft;
    private final int longest;
    private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();

    /// @param draft the same rows as they are written already, if they are
    DelimitedTable(TableBytes bytes, ReadLimits limits, TableProfile profile, Optional<TableDraft> draft) {
        this.bytes = bytes;
        this.limits = limits;
        this.profile = profile;
        this.draft = draft;
        this.reading = ValueReading.of(profile);
        this.longest = Math.toIntExact(profile.parts().stream()
                .mapToLong(part -> part.to() - part.from())
                .max()
                .orElse(0));
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
    public Optional<TableDraft> draft() {
        return draft;
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
        private final Cutter cutter = new Cutter(window, profile.dialect().format(), reading.columns(), limits);
        private final RecordGate gate = RecordGate.of(profile);
        private final NullTokens nulls = new NullTokens(profile.nullTexts());
        private final RowGiver giver = new RowGiver(reading, false);
        private final int[] spans = new int[2 * reading.columns()];

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
                if (cutter.count() == reading.columns()) {
                    nulls.take(window.bytes(), spans, 0);
                }
                if (gate.check(cutter, window.bytes(), spans, 0) == null) {
                    int other = giver.give(window.bytes(), spans, sink);
                    if (other != RowGiver.WHOLE) {
                        throw otherType(other);
                    }
                    rows++;
                }
            }
            if (step != Cutter.Step.END || rows != part.rows()) {
                throw changed("bytes %d to %d of the file had %d rows when they were first read and have %d now"
                        .formatted(part.from(), part.to(), part.rows(), rows));
            }
        }

        // The first walk has proven every value: only a file that was changed since can have another.
        private JobFailure otherType(int column) {
            return changed("column %d had only values of type %s when the file was first read and has others now"
                    .formatted(column + 1, reading.types()[column].label()));
        }
    }

    private static JobFailure changed(String message) {
        return new JobFailure(new Failure.Transient(FailureCode.SOURCE_CHANGED, message, Place.NONE));
    }
}
