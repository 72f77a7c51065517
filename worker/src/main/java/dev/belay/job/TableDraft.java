package dev.belay.job;

import java.io.IOException;

/// A table that is written while its source is still being examined, on the guess that it will be wanted as it is: with
/// these columns, in these types, all of its rows. Whoever stages the table may take the draft instead of reading the
/// rows once more; nobody has to. A draft is private to its attempt and nothing of it outlives [#close].
///
/// Parts are filled side by side, each by one thread, and added one after the other.
public interface TableDraft extends AutoCloseable {
    /// Something to fill with the rows of one part after the other.
    Part part();

    /// The rows of one part, in the order of the source's columns.
    interface Part extends RowSink {
        /// Forgets its rows and begins with those of a part.
        ///
        /// @param before how many rows stand before them, as far as that can be guessed
        void begin(long before);
    }

    /// Takes the rows of a part behind those of all parts before it.
    ///
    /// @param before how many rows stand before them
    /// @return whether it did; else they are to be given once more, begun with that number
    /// @throws IOException when they cannot be written
    boolean add(Part part, long before) throws IOException;

    /// Removes whatever of it nobody has taken.
    @Override
    void close();
}
