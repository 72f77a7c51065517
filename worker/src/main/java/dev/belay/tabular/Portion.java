package dev.belay.tabular;

import dev.belay.screen.ColumnScreen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One chunk of a file as it was read in the first walk, and all that its rows say. Used again for one chunk
/// after the other.
final class Portion {
    private final Window window;
    private final Cutter cutter;
    private final RecordGate gate;
    private final Batch batch;
    private final ColumnTally[] tallies;
    private final RowSample sample;
    private final ColumnScreen[] screens;
    private final NullTokens nulls;
    private final Misfits misfits;
    private final Survey.Plan plan;
    private final List<RecordGate.Reject> rejects = new ArrayList<>();
    private long from;
    private int records;
    private long rejected;
    private long rows;
    private Cutter.Step end = Cutter.Step.END;
    // Null while nothing is drafted.
    private Drafting.@Nullable Piece piece;

    Portion(Survey.Plan plan) {
        this.plan = plan;
        window = new Window(plan.bytes(), plan.windowBytes());
        cutter = new Cutter(window, plan.format(), plan.columns(), plan.limits());
        gate = new RecordGate(plan.demanded(), plan.told(), plan.marks());
        nulls = new NullTokens(plan.nullTexts());
        misfits = new Misfits(plan.columns());
        batch = new Batch(plan.columns());
        tallies = plan.tallies();
        sample = new RowSample(plan.columns());
        screens = plan.screens();
    }

    /// Reads a chunk that begins at some place: after the first line end there, if that is not inside of quotes.
    ///
    /// @param around where a line may end that the chunk begins behind
    /// @param border records that begin there or later are not its own
    void guess(long around, long border, Known known) throws IOException {
        window.open(around, plan.size());
        window.read(border - around + plan.slackBytes());
        int at = behindLineEnd(window.bytes(), window.limit());
        begin(at, known);
        read(at, border);
    }

    /// Reads a chunk that begins with a record or line end.
    ///
    /// @param mayGrow whether records may be read that are longer than a chunk
    void read(long start, long border, Known known, boolean mayGrow) throws IOException {
        window.open(start, plan.size());
        window.read(border - start + plan.slackBytes());
        begin(0, known);
        read(0, border);
        while (mayGrow && end == Cutter.Step.TOO_LONG) {
            long place = window.base() + cutter.start();
            var diagnosis = new QuoteDiagnosis(plan.bytes(), plan.format(), plan.limits());
            if (!(diagnosis.ofRecordAt(place, 0) instanceof QuoteDiagnosis.Nothing(long recordEnd))) {
                end = Cutter.Step.WRONG;
                return;
            }
            window.grow(Math.toIntExact(recordEnd + 1 - window.base()));
            window.read(Long.MAX_VALUE);
            walk();
        }
    }

    private static int behindLineEnd(byte[] bytes, int limit) {
        int at = 0;
        while (at < limit && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        boolean pair = at + 1 < limit && bytes[at] == '\r' && bytes[at + 1] == '\n';
        return Math.min(limit, at + (pair ? 2 : 1));
    }

    /// Drafts the rows of the chunk that is read next; none when there is no draft.
    ///
    /// @param before how many rows stand before it, as far as that can be guessed
    void draft(Drafting drafting, long before) {
        if (piece == null) {
            piece = drafting.piece().orElse(null);
            if (piece != null) {
                batch.keepNumbers();
            }
        }
        if (piece != null) {
            piece.begin(before);
        }
    }

    /// Puts the rows into the draft.
    ///
    /// @param before how many rows stand before them
    /// @return whether the chunk must be read once more for that, its draft begun with that number
    boolean mustBeDraftedAgain(long before) {
        return piece != null && !piece.add(before);
    }

    private void begin(int at, Known known) {
        from = window.base() + at;
        records = 0;
        rows = 0;
        rejected = 0;
        rejects.clear();
        gate.clear();
        sample.clear(known.level());
        nulls.clear();
        misfits.clear();
        end = Cutter.Step.END;
        for (int column = 0; column < tallies.length; column++) {
            tallies[column].clear(known.possible()[column], known.wanted()[column], known.ranks()[column]);
        }
        for (ColumnScreen screen : screens) {
            screen.clear();
        }
    }

    private void read(int at, long border) throws IOException {
        cutter.open(at, border);
        walk();
    }

    private void walk() throws IOException {
        do {
            fill();
            for (int column = 0; column < tallies.length && batch.rows() > 0; column++) {
                tallies[column].add(batch, column);
            }
            if (piece != null && piece.goesOn()) {
                piece.give(batch);
            }
            takeSample();
            screen();
            rows += batch.rows();
        } while (batch.isFull());
    }

    private void takeSample() {
        for (int row = 0; row < batch.rows(); row++) {
            long place = batch.base() + batch.starts[row];
            if (sample.wants(place)) {
                sample.begin(place);
                for (int column = 0; column < tallies.length; column++) {
                    tallies[column].addTo(sample, batch, row, column);
                }
                sample.end();
            }
        }
    }

    /// Looks at every value of the batch, where a job wants it.
    private void screen() {
        byte[] bytes = batch.bytes();
        int[] spans = batch.spans;
        for (int column = 0; column < screens.length; column++) {
            ColumnScreen screen = screens[column];
            int span = 2 * column;
            for (int row = 0; row < batch.rows(); row++) {
                screen.look(bytes, spans[span], spans[span + 1], batch.records[row], batch.lines[row]);
                span += 2 * screens.length;
            }
        }
    }

    private void fill() throws IOException {
        batch.clear();
        int[] spans = batch.spans;
        while (!batch.isFull()) {
            end = cutter.next(spans, batch.next());
            if (end != Cutter.Step.RECORD) {
                break;
            }
            records++;
            if (cutter.count() == plan.columns()) {
                nulls.take(window.bytes(), spans, batch.next());
            }
            RejectCode code = gate.check(cutter, window.bytes(), spans, batch.next());
            if (code == null) {
                batch.add(cutter, records);
            } else {
                refuse(code);
            }
        }
        batch.over(window);
    }

    private void refuse(RejectCode code) {
        int[] spans = batch.spans;
        if (++rejected <= plan.limits().rejectExamples()) {
            rejects.add(gate.reject(code, cutter, records, window, spans, batch.next()));
        }
        if (code == RejectCode.TYPE_MISMATCH) {
            gate.count(misfits, cutter, records, window, spans, batch.next());
        }
    }

    /// Whether all of it was read.
    boolean isWhole() {
        return end == Cutter.Step.END;
    }

    /// Whether a record in it cannot be cut, which then begins at [#wrongPlace()].
    boolean isWrong() {
        return end == Cutter.Step.WRONG;
    }

    long wrongPlace() {
        return window.base() + cutter.start();
    }

    /// How many of its lines stand before the record that cannot be cut.
    int wrongLine() {
        return cutter.line();
    }

    /// Where its first record or line begins.
    long from() {
        return from;
    }

    /// Where the next chunk begins.
    long to() {
        return window.base() + cutter.at();
    }

    int lines() {
        return cutter.lines();
    }

    int records() {
        return records;
    }

    long rows() {
        return rows;
    }

    long rejected() {
        return rejected;
    }

    /// The first rejected ones.
    List<RecordGate.Reject> rejects() {
        return rejects;
    }

    boolean markSeen() {
        return gate.markSeen();
    }

    /// How many texts that stand for no value were taken out.
    long nulled() {
        return nulls.count();
    }

    /// The values that are not of the types demanded for them.
    Misfits misfits() {
        return misfits;
    }

    RowSample sample() {
        return sample;
    }

    /// None when nothing is looked for.
    ColumnScreen[] screens() {
        return screens;
    }

    ColumnTally[] tallies() {
        return tallies;
    }

    /// Gives back memory that was needed for a very long record.
    void shrink() {
        window.shrink(plan.windowBytes());
    }
}
