package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// A file of sheets. Walks over one of them at a time and keeps none in memory.
interface Workbook extends Closeable {
    /// @param name    as people gave it; never a path
    /// @param visible whether people see it
    record Sheet(String name, boolean visible) {}

    /// What a message calls it.
    String shown();

    /// The sheets that hold cells, in their order; no charts.
    List<Sheet> sheets();

    /// How many columns the file says the sheet has; 0 when it does not say. Not to be trusted.
    int claimedColumns(int sheet) throws JobFailure, IOException;

    /// Gives all cells of a sheet.
    ///
    /// @param sheet its place in [#sheets()]
    void walk(int sheet, Cells cells) throws JobFailure, IOException;
}
