package dev.belay.datastore;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A datastore for commands that only look: never made, migrated or written by this, and readable also when a newer
/// program has written it. The answers are those of [Datastore].
///
/// Every method may throw [dev.belay.job.Unavailable] when the store cannot be read.
public interface DatastoreReader extends AutoCloseable {
    /// What is published now. A dataset never heard of is [Presence#UNKNOWN].
    DatasetState state(DatasetId dataset);

    /// All datasets that were ever published, by name.
    List<DatasetState> datasets();

    /// The history, newest first.
    List<Commit> commits(DatasetId dataset);

    /// One commit of a dataset by its number.
    Optional<Commit> commit(DatasetId dataset, int version);

    /// Whether the data of a commit are still kept; [#isIntact] looks whether they are what they should be.
    boolean isKept(Commit commit);

    /// Whether the data of a commit are there and are what its manifest says.
    boolean isIntact(Commit commit);

    /// The first rows of a commit's table, in file order, in their storage form; its data are kept.
    ///
    /// @throws IllegalArgumentException when `limit` is negative
    List<List<@Nullable Object>> preview(Commit commit, int limit);

    /// The file that holds a commit's data, where this store keeps files and still has it.
    Optional<Path> file(Commit commit);

    /// By what name people read what is served of a dataset, where that is not a file: the view's, as SQL has it.
    Optional<String> view(DatasetId dataset);

    /// All staged objects, of whatever attempt.
    List<StagedObject> stagedObjects();

    /// The fence of every dataset that was ever claimed.
    Map<DatasetId, Epoch> fences();

    /// Identifies a datastore that other hosts reach too; empty where none was ever noted, and for files.
    Optional<String> id();

    /// The id of the journal that decides about these datasets; empty when none was ever noted.
    Optional<String> journal();

    /// What the database itself finds wrong when it looks through the catalog; empty when nothing is, or when it is
    /// not for us to ask.
    List<String> damage();

    @Override
    void close();
}
