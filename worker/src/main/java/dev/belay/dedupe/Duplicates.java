package dev.belay.dedupe;

import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.List;

/// Which rows of a table are to be left out, being the same as others. May be used by several threads, as long as the
/// folder it was made in is there.
public final class Duplicates {
    private final Marked marked;
    private final List<Pair> first;

    Duplicates(Marked marked, List<Pair> first) {
        this.marked = marked;
        this.first = List.copyOf(first);
    }

    /// Two rows that are the same, numbered from 0.
    ///
    /// @param row   is left out
    /// @param stays stays
    public record Pair(long row, long stays) {}

    /// How many rows are left out.
    public long count() {
        return marked.count();
    }

    /// The first rows that are left out, in the order of the table.
    public List<Pair> first() {
        return first;
    }

    /// The table without them: the others in their order.
    ///
    /// @param rows the very rows that were searched, in any parts; from here on closed by the result
    public TypedTable leftOutOf(TypedTable rows) throws IOException {
        return DistinctTable.of(rows, marked);
    }
}
