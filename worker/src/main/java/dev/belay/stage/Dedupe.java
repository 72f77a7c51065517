package dev.belay.stage;

import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dedupe.Duplicates;
import dev.belay.dedupe.Sameness;
import dev.belay.disk.StorageFailures;
import dev.belay.format.Prepared;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Sha256;
import dev.belay.job.TypedTable;
import dev.belay.job.Unavailable;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.TableProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// Finds the records of an examined file that are left out because another one says the same. What does not fit into
/// memory lies in the attempt's folder and goes with it: [Fetch] has named the folder in the journal before anything
/// was in it.
public final class Dedupe {
    private static final int SALT_BYTES = 16;

    private final Examine examine;
    private final DuplicateSearch search;

    /// @param examine gives the rows that were examined once more
    /// @param search  what finds rows that are the same
    public Dedupe(Examine examine, DuplicateSearch search) {
        this.examine = examine;
        this.search = search;
    }

    /// What is searched.
    ///
    /// @param operation the attempt's; nobody knows it beforehand, and so nobody can make records
    /// for it whose hashes are the same
    /// @param profile   of the file, with the types that it is loaded in
    public record Input(OperationId operation, Prepared prepared, TableProfile profile, Sameness same) {}

    /// The rows without what is left out, and the first of that.
    ///
    /// @param count how many records are left out
    public record Output(StageRows.Rows.OfFile rows, long count, List<DuplicateRecord> first) {
        /// Copies the list.
        public Output {
            first = List.copyOf(first);
        }
    }

    /// Reads every record once more. Killed half-way there are files in the attempt's folder.
    public Output search(Input input, Watch watch) throws JobFailure {
        Path file = input.prepared().file();
        Path folder = Objects.requireNonNull(file.getParent(), "a prepared file lies in its attempt's folder");
        var terms = new DuplicateSearch.Terms(folder, salt(input.operation()), watch.progress(), watch::pause);
        try {
            Duplicates found;
            try (TypedTable rows = examine.rows(file, input.profile(), watch, Drafting.NONE)) {
                found = search.find(rows, input.same(), terms);
            }
            return new Output(
                    StageRows.Rows.OfFile.without(file, input.profile(), found),
                    found.count(),
                    told(input, found, watch));
        } catch (Watch.Stopped stopped) {
            throw Watch.stopped();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, folder), failed);
        }
    }

    private static byte[] salt(OperationId operation) {
        String digest =
                Sha256.of(operation.value().getBytes(StandardCharsets.UTF_8)).hex();
        return digest.substring(0, SALT_BYTES).getBytes(StandardCharsets.US_ASCII);
    }

    private List<DuplicateRecord> told(Input input, Duplicates found, Watch watch) throws JobFailure, IOException {
        var rows = new TreeSet<Long>();
        for (Duplicates.Pair pair : found.first()) {
            rows.add(pair.row());
            rows.add(pair.stays());
        }
        Path file = input.prepared().file();
        Map<Long, Place> places = rows.isEmpty() ? Map.of() : examine.places(file, input.profile(), rows, watch);
        boolean hasLines = input.prepared().kind() != Prepared.Kind.WRITTEN;
        return found.first().stream()
                .map(pair -> DuplicateRecord.of(
                        Objects.requireNonNull(places.get(pair.row())),
                        Objects.requireNonNull(places.get(pair.stays())),
                        hasLines))
                .toList();
    }
}
