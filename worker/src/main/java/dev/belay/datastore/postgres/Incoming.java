package dev.belay.datastore.postgres;

import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.RowDigest;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// What is loaded, and who hears of it.
record Incoming(StagingPlan plan, TypedTable rows, Progress progress) {
    /// What the rows are taken for.
    ///
    /// @param columns in the order of the plan
    /// @param fixed   columns whose form of writing times is decided
    /// @param before  rows that stand in the table already
    record Taken(List<StoredColumn> columns, BitSet fixed, long before) {
        Taken {
            columns = List.copyOf(columns);
            fixed = (BitSet) fixed.clone();
        }

        BinaryRows.Seen nothing() {
            return new BinaryRows.Seen(columns, fixed);
        }
    }

    /// The order in which [IncomingRows] gives the columns.
    IntStream order() {
        return IntStream.concat(
                plan.incoming().stream().mapToInt(Integer::intValue),
                IntStream.range(0, plan.columns().size())
                        .filter(column -> !plan.incoming().contains(column)));
    }

    /// Encodes all rows and gives them on in their order; parts are encoded side by side.
    ///
    /// @return the digest over them
    /// @throws NotAsWritten when they are not what they were taken for, after all of them were looked at
    RowDigest readInto(CopyTarget copy, Cores cores, Taken taken) throws JobFailure, IOException {
        return rows.parts() == 1 ? alone(copy, taken) : sideBySide(copy, cores, taken);
    }

    /// A single part is as long as the whole, so it is given on while it is read.
    private RowDigest alone(CopyTarget copy, Taken taken) throws JobFailure, IOException {
        var encoded = new BinaryRows(taken.columns(), taken.fixed(), taken.before(), copy);
        var walk = new IncomingRows(plan, 0, encoded, progress);
        rows.read(0, walk);
        encoded.finish().refuseOther(taken.columns());
        progress.at(walk.count(), walk.count());
        return walk.digest();
    }

    private RowDigest sideBySide(CopyTarget copy, Cores cores, Taken taken) throws JobFailure, IOException {
        var digest = new RowDigest();
        var seen = new BinaryRows.Seen[] {taken.nothing()};
        cores.inOrder(rows.parts(), number -> Part.of(this, number, taken), (number, part) -> {
            seen[0] = seen[0].and(part.seen());
            digest.append(part.digest());
            if (seen[0].columns().equals(taken.columns())) {
                for (byte[] chunk : part.chunks()) {
                    copy.take(chunk, chunk.length);
                }
            }
            progress.at(digest.rows(), -1);
        });
        seen[0].refuseOther(taken.columns());
        progress.at(digest.rows(), digest.rows());
        return digest;
    }

    /// A part, encoded.
    private record Part(List<byte[]> chunks, BinaryRows.Seen seen, RowDigest digest) {
        static Part of(Incoming incoming, int number, Taken taken) throws JobFailure, IOException {
            var chunks = new ArrayList<byte[]>();
            long before = incoming.rows.rowsBefore(number);
            var encoded = new BinaryRows(
                    taken.columns(),
                    taken.fixed(),
                    taken.before() + before,
                    (bytes, length) -> chunks.add(Arrays.copyOf(bytes, length)));
            var walk = new IncomingRows(incoming.plan, before, encoded, Progress.SILENT);
            incoming.rows.read(number, walk);
            return new Part(chunks, encoded.finish(), walk.digest());
        }
    }

    Staged staged(long rowsInAll, long loaded, RowDigest walked) {
        return new Staged(rowsInAll, loaded, walked.rows() - loaded + rows.deduplicated(), 0, walked.finish());
    }
}
