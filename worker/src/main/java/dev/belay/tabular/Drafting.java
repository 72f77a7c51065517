package dev.belay.tabular;

import dev.belay.job.Column;
import dev.belay.job.JobFailure;
import dev.belay.job.TableDraft;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Writes a table while the first walk examines it, as far as a few stretches of the file can say what its types will
/// be. Every value is proven against them; the first that does not fit ends the draft, and the walk goes on without.
/// So a draft never changes what is found, or what is loaded: only when it is written.
///
/// One table, or several in turn, when a file is walked over again: then the last counts.
public final class Drafting implements AutoCloseable {
    /// Drafts nothing.
    public static final Drafting NONE = new Drafting(_ -> Optional.empty());

    private final Store store;
    private @Nullable Begun last;

    /// A draft, until someone finds that it will not do, on whatever thread.
    private static final class Begun {
        private final TableDraft table;
        private final ValueReading reading;
        private volatile boolean ended;

        Begun(TableDraft table, ValueReading reading) {
            this.table = table;
            this.reading = reading;
        }
    }

    /// Where a table may be written.
    @FunctionalInterface
    public interface Store {
        /// @param columns in the order of the source's; their names do not matter
        /// @return empty when it has no use for it
        /// @throws IOException when it cannot be written
        Optional<TableDraft> draft(List<Column> columns) throws IOException;
    }

    /// @param store asked for a draft at the beginning of each walk
    public Drafting(Store store) {
        this.store = store;
    }

    boolean isOn() {
        return this != NONE;
    }

    /// Begins with a table whose values are likely to be like these. There is no other draft.
    void begin(ColumnTally[] likely) {
        List<Column> columns = IntStream.range(0, likely.length)
                .mapToObj(column -> Profiles.column(likely[column], likely[column].type(), "c" + column, ""))
                .toList();
        try {
            last = store.draft(columns)
                    .map(table -> new Begun(table, ValueReading.of(likely)))
                    .orElse(null);
        } catch (IOException notWorthAFailure) {
            // The same disk will say it again when the table itself is written.
        }
    }

    /// A part to be written, as long as the draft goes on.
    Optional<Piece> piece() {
        Begun now = last;
        return now == null || now.ended ? Optional.empty() : Optional.of(new Piece(now));
    }

    /// The rows of one part after the other. Used by one thread at a time.
    static final class Piece {
        private final Begun of;
        private final TableDraft.Part part;
        private final RowGiver giver;

        private Piece(Begun of) {
            this.of = of;
            part = of.table.part();
            giver = new RowGiver(of.reading, true);
        }

        /// Begins with a part.
        ///
        /// @param before how many rows stand before it, as far as that can be guessed
        void begin(long before) {
            part.begin(before);
        }

        /// Whether its rows are still wanted.
        boolean goesOn() {
            return !of.ended;
        }

        /// Adds the rows of a batch.
        void give(Batch batch) {
            int row = 0;
            try {
                while (row < batch.rows() && giver.give(batch, row, part) == RowGiver.WHOLE) {
                    row++;
                }
            } catch (JobFailure | IOException willBeSaidAgain) {
                row = -1;
            }
            if (row != batch.rows()) {
                of.ended = true;
            }
        }

        /// Takes what it has into the table, behind all parts before it.
        ///
        /// @param before how many rows stand before it
        /// @return false when it must be given once more, begun with that number
        boolean add(long before) {
            if (!goesOn()) {
                return true;
            }
            try {
                return of.table.add(part, before);
            } catch (IOException willBeSaidAgain) {
                of.ended = true;
                return true;
            }
        }
    }

    /// Removes a draft that was ended, once nobody writes any more.
    void settle() {
        if (last != null && last.ended) {
            close();
        }
    }

    /// The table as it was written, if it was written to its end and reads as the profile says.
    Optional<TableDraft> whole(TableProfile profile) {
        return last != null && !last.ended && last.reading.givesLike(ValueReading.of(profile))
                ? Optional.of(last.table)
                : Optional.empty();
    }

    /// Removes the draft, unless it was taken.
    @Override
    public void close() {
        if (last != null) {
            last.table.close();
            last = null;
        }
    }
}
