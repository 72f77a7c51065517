package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;

/// Takes the cells of one sheet, row after row, in each row from left to right. A cell that is not given is empty.
interface Cells {
    /// A cell with something in it.
    ///
    /// @param row    from 1
    /// @param column from 1
    /// @param value  as it is to be stored; never empty
    void value(long row, int column, String value) throws JobFailure, IOException;

    /// A cell that holds an error such as `#REF!`: no value, and counted.
    void error(long row, int column) throws JobFailure, IOException;

    /// A formula whose result is not in the file: no value, and counted.
    void uncomputed(long row, int column) throws JobFailure, IOException;

    /// Cells that were made one; only the first of them has a value.
    void merged(long areas);
}
