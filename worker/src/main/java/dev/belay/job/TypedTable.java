package dev.belay.job;

import java.io.IOException;
import java.util.Optional;

/// The typed rows of one table, cut into parts that may be read side by side; the rows of part 0 come first in the
/// table, then those of part 1, and so on. Each part can be read any number of times and gives the same rows.
public interface TypedTable extends AutoCloseable {
    /// How many parts there are; a table without rows may have none.
    int parts();

    /// How many rows stand before the part: what must be known to number rows side by side.
    long rowsBefore(int part);

    /// How many rows there are in all.
    long rows();

    /// How many rows of the source are in no part because they are the same as others.
    default long deduplicated() {
        return 0;
    }

    /// The very rows of all parts as a store has written them already, if one has.
    default Optional<TableDraft> draft() {
        return Optional.empty();
    }

    /// Gives every row of a part to the sink, in order. Different parts may be read by different threads at once,
    /// each with a sink of its own.
    ///
    /// @throws JobFailure  when the input is not any more what it was found to be (`SOURCE_CHANGED`), or what the
    /// sink throws
    /// @throws IOException when the input cannot be read, or what the sink throws
    void read(int part, RowSink sink) throws JobFailure, IOException;

    @Override
    void close() throws IOException;
}
