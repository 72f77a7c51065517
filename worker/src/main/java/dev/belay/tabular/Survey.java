package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.parts.Cores;
import dev.belay.screen.ColumnScreen;
import dev.belay.screen.Screening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The first walk over a file: every byte, in chunks on all cores.
///
/// Nobody knows, in the middle of a file, whether a line end stands inside of quotes. So each chunk is read as
/// if the first line end in it did not, and joined to those before it in their order: when it turns out to
/// begin elsewhere, it is read once more, from there. What comes out is what one thread would have found.
final class Survey {
    private final Plan plan;
    private final Cores cores;
    private final Progress progress;
    private final Drafting drafting;
    private final ConcurrentLinkedDeque<Portion> idle = new ConcurrentLinkedDeque<>();
    private final ColumnTally[] totals;
    private final RowSample sample;
    private final ColumnScreen[] screens;
    private final Misfits misfits;
    private final List<Part> parts = new ArrayList<>();
    private final List<RejectedRecord> rejects = new ArrayList<>();
    private volatile Known known;
    private double rowsPerByte;
    private long at;
    private long lines;
    private long records;
    private long rows;
    private long rejected;
    private long nulled;
    private boolean markSeen;

    /// What is read and how.
    ///
    /// @param titles   the header
    /// @param demanded for each column the type its values must have, or null where any will do
    /// @param screening what is looked for in the values, if anything
    /// @param told       for each column the order of day and month that someone has told
    /// @param marks      for each column the pairs of marks of [MarkForm] that its numbers are read with, or 0
    /// @param nullTexts  for each column the texts that stand for no value
    /// @param start    where the first record or line below the header begins
    /// @param lines    how many lines end before that
    /// @param size     where the file ends
    // One word for each column, that nobody compares.
    @SuppressWarnings("ArrayRecordComponent")
    record Plan(
            TableBytes bytes,
            TextFormat format,
            List<String> titles,
            @Nullable ColumnType[] demanded,
            @Nullable DateOrder[] told,
            int[] marks,
            List<List<String>> nullTexts,
            ReadLimits limits,
            Chunking chunking,
            Optional<Screening> screening,
            long start,
            long lines,
            long size) {
        /// The same with other types demanded and other marks of numbers.
        Plan with(@Nullable ColumnType[] types, int[] pairs) {
            return new Plan(
                    bytes, format, titles, types, told, pairs, nullTexts, limits, chunking, screening, start, lines,
                    size);
        }

        int columns() {
            return demanded.length;
        }

        int slackBytes() {
            return chunking.slackBytes();
        }

        /// No more than there is to be read.
        int windowBytes() {
            return (int) Math.min((long) chunking.chunkBytes() + slackBytes() + 1, size - start + 1);
        }

        int chunks() {
            return chunking.chunks(size - start);
        }

        long border(int chunk) {
            return Math.min(size, start + (long) chunk * chunking.chunkBytes());
        }

        /// One for each column; none at all when nothing is looked for.
        ColumnScreen[] screens() {
            return screening.stream()
                    .flatMap(looked -> IntStream.range(0, columns()).mapToObj(_ -> looked.column()))
                    .toArray(ColumnScreen[]::new);
        }

        ColumnTally[] tallies() {
            var tallies = new ColumnTally[columns()];
            for (int column = 0; column < tallies.length; column++) {
                tallies[column] = new ColumnTally(demanded[column], told[column], marks[column], tallies.length);
            }
            return tallies;
        }
    }

    /// @param drafting what else is done with the rows
    Survey(Plan plan, Cores cores, Progress progress, Drafting drafting) {
        this.plan = plan;
        this.cores = cores;
        this.progress = progress;
        this.drafting = drafting;
        totals = plan.tallies();
        sample = new RowSample(plan.columns());
        known = Known.of(totals, sample, plan.start(), 0);
        screens = plan.screens();
        misfits = new Misfits(plan.columns());
        at = plan.start();
        lines = plan.lines();
    }

    /// Reads the whole file.
    void run() throws JobFailure, IOException {
        // A draft of an earlier walk has that one's rows.
        drafting.close();
        if (drafting.isOn() && plan.chunks() >= plan.chunking().draftedFrom()) {
            // In the room of small tables, and nothing of it stays: many large ones may wait for their turn behind
            // this.
            cores.inOrder(1, _ -> new FirstLook(plan, new Portion(plan)), (_, look) -> {
                drafting.begin(look.tallies());
                rowsPerByte = look.rowsPerByte();
            });
        }
        try {
            cores.inOrder(plan.chunks(), this::read, this::join);
        } finally {
            drafting.settle();
            // Their counts are as large as the total's, and the next table's are being made while this one is
            // asked.
            idle.clear();
        }
    }

    private Portion read(int chunk) throws IOException {
        Portion portion = idle.poll();
        if (portion == null) {
            portion = new Portion(plan);
        }
        long border = plan.border(chunk + 1);
        Known now = known;
        long between = Math.max(0, plan.border(chunk) - now.at());
        portion.draft(drafting, now.rows() + (long) (rowsPerByte * between));
        if (chunk == 0) {
            portion.read(plan.start(), border, now, false);
        } else {
            portion.guess(plan.border(chunk) - 1, border, now);
        }
        return portion;
    }

    private void join(int chunk, Portion portion) throws JobFailure, IOException {
        long border = plan.border(chunk + 1);
        if (at < border) {
            boolean begunRightly = portion.from() == at;
            if (!begunRightly || !(portion.isWhole() || portion.isWrong()) || portion.mustBeDraftedAgain(rows)) {
                portion.draft(drafting, rows);
                portion.read(at, border, known, true);
                portion.mustBeDraftedAgain(rows);
            }
            if (portion.isWrong()) {
                throw new RecordFailures(plan.bytes(), plan.format(), plan.limits(), plan.titles())
                        .at(portion.wrongPlace(), lines + portion.wrongLine() + 1, records + portion.records() + 1);
            }
            join(portion);
        }
        portion.shrink();
        idle.push(portion);
    }

    private void join(Portion portion) {
        ColumnTally[] tallies = portion.tallies();
        for (int column = 0; column < totals.length; column++) {
            totals[column].add(tallies[column], records, lines + 1);
        }
        sample.add(portion.sample());
        misfits.add(portion.misfits(), records, lines + 1);
        for (int column = 0; column < screens.length; column++) {
            screens[column].add(portion.screens()[column], records, lines + 1);
        }
        for (RecordGate.Reject reject : portion.rejects()) {
            if (rejects.size() < plan.limits().rejectExamples()) {
                rejects.add(reject.shown(plan.titles(), records, lines + 1));
            }
        }
        if (portion.rows() > 0) {
            parts.add(new Part(portion.from(), portion.to(), lines, records, rows, portion.rows()));
        }
        at = portion.to();
        lines += portion.lines();
        records += portion.records();
        rows += portion.rows();
        rejected += portion.rejected();
        nulled += portion.nulled();
        markSeen |= portion.markSeen();
        known = Known.of(totals, sample, at, rows);
        progress.at(at, -1);
    }

    ColumnTally[] totals() {
        return totals;
    }

    RowSample sample() {
        return sample;
    }

    /// The columns with values that are not of the type demanded.
    List<Misfit> misfits(Dialect dialect) {
        return misfits.found(dialect, plan.demanded());
    }

    /// What screening came to, for each column; none when nothing was looked for.
    ColumnScreen[] screens() {
        return screens;
    }

    /// The parts with rows in them.
    List<Part> parts() {
        return parts;
    }

    List<RejectedRecord> rejects() {
        return rejects;
    }

    long records() {
        return records;
    }

    long rows() {
        return rows;
    }

    long rejected() {
        return rejected;
    }

    long nulled() {
        return nulled;
    }

    boolean markSeen() {
        return markSeen;
    }
}
