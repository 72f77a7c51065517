package dev.belay.datastore.sqlite;

import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.stream.IntStream;

/// What is loaded, and who hears of it.
record Incoming(StagingPlan plan, TypedTable rows, Progress progress) {
    /// Whether the source's columns are those of the table, in their order.
    boolean isAsItIs() {
        int columns = plan.columns().size();
        return plan.incoming().equals(IntStream.range(0, columns).boxed().toList());
    }

    /// Gives all rows to a store, one after the other.
    ///
    /// @return the walk over them, for its count and digest
    IncomingRows readInto(RowSink store) throws JobFailure, IOException {
        var walk = new IncomingRows(plan, 0, store, progress);
        for (int part = 0; part < rows.parts(); part++) {
            rows.read(part, walk);
        }
        progress.at(walk.count(), walk.count());
        return walk;
    }
}
