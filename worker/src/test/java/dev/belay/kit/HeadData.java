package dev.belay.kit;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Whether the rows of a head are those that were published: counted and digested again.
final class HeadData {
    private HeadData() {}

    /// @param manifest the digest that was written beside the rows
    static List<String> violations(RawStores raw, String manifest, Commit head, List<List<@Nullable Object>> rows)
            throws SQLException, IOException {
        var found = new ArrayList<String>();
        if (rows.size() != head.rows()) {
            found.add("%s holds %d rows, its commit says %d".formatted(head.id(), rows.size(), head.rows()));
        }
        String published = raw.catalog("SELECT digest FROM commits WHERE id = '" + head.id() + "'")
                .getFirst();
        if (!published.equals(manifest)) {
            found.add("%s has digest %s, its commit %s".formatted(head.id(), manifest, published));
        }
        // An append's digest is that of what was appended, and a restored version keeps the one it had; a decimal may
        // have been written in more than one way.
        boolean ofTheWholeTable = head.provenance().mode() == Mode.REPLACE
                && (head.kind() == CommitKind.ROLLBACK
                        || head.provenance().sourceDigest().isPresent())
                && head.columns().stream().noneMatch(column -> column.type() == ColumnType.DECIMAL);
        if (ofTheWholeTable && !digest(head, rows).equals(manifest)) {
            found.add("the rows of %s have digest %s, its manifest says %s"
                    .formatted(head.id(), digest(head, rows), manifest));
        }
        return found;
    }

    private static String digest(Commit head, List<List<@Nullable Object>> rows) throws IOException {
        List<Integer> places = IntStream.range(0, head.columns().size()).boxed().toList();
        var plan = new StagingPlan(
                head.dataset(),
                head.operation(),
                head.id(),
                head.version(),
                Mode.REPLACE,
                Optional.empty(),
                head.columns(),
                places,
                List.of());
        var walked = new IncomingRows(plan, 0, new CollectedRows(places.size()), Progress.SILENT);
        var table = new ListRows(rows);
        try {
            for (int part = 0; part < table.parts(); part++) {
                table.read(part, walked);
            }
        } catch (JobFailure failed) {
            throw new IOException("published rows cannot be walked", failed);
        }
        return walked.digest().finish().hex();
    }
}
