package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.TableDraft;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where datasets live. The port that every store implements and that one contract suite pins.
///
/// Shared state (head, history, dictionary, fence) changes only inside one transaction that checks the fence.
/// Everything else an attempt makes here is staged under a name that holds its operation id, so dropping it never
/// touches another's work. Safe for many threads and processes; each staged object is used by the one thread of its
/// attempt.
///
/// Every method may throw [dev.belay.job.Unavailable] when the store cannot be used at all: then it is not known
/// whether the call took effect, and the caller reads before it decides.
public interface Datastore extends AutoCloseable {
    /// Raises the dataset's fence: from now on only `epoch` may publish. Setting it again is no error.
    ///
    /// @throws dev.belay.job.Fenced when the fence is already higher
    void fence(DatasetId dataset, Epoch epoch);

    /// What is published now, in one consistent read. A dataset never heard of is [Presence#UNKNOWN].
    DatasetState state(DatasetId dataset);

    /// All datasets that were ever published, by name.
    List<DatasetState> datasets();

    /// The append-only history, newest first: all of it, so for people only. Nothing a job needs is looked up here.
    List<Commit> commits(DatasetId dataset);

    /// One commit of any dataset, whatever history has come since.
    Optional<Commit> commit(CommitId id);

    /// One commit of a dataset by its number.
    Optional<Commit> commit(DatasetId dataset, int version);

    /// Whether the data of a commit are there and are what its manifest says (existence, length, row count; not
    /// every byte).
    boolean isIntact(Commit commit);

    /// Builds the whole staged table in one step: base rows if the mode keeps them, then `rows`, then the manifest,
    /// all in one transaction. Killed half-way it leaves a broken staged object of the plan's name.
    ///
    /// For [dev.belay.job.Mode#UPSERT] a row replaces the one of the same key; of several rows of one key in `rows`
    /// the last one stands. Rows that have a draft of this store are not read where the draft is what would be
    /// staged.
    ///
    /// @throws JobFailure  when the rows are at fault: `KEY_NULL`, or what `rows` itself throws
    /// @throws IOException when `rows` cannot be read
    /// @throws IllegalStateException when an object of that name is already there: it is never adopted
    Staged stage(StagingPlan plan, TypedTable rows, Progress progress) throws JobFailure, IOException;

    /// Begins to write a table that may be staged once its source is examined: see [TableDraft].
    ///
    /// @param place   where in the attempt's workspace a file can be made; nothing is made anywhere else
    /// @param columns what the table's columns are guessed to be, in the source's order
    /// @return empty when this store has no use for it
    /// @throws IOException when the file cannot be made
    default Optional<TableDraft> draft(Path place, List<Column> columns) throws IOException {
        return Optional.empty();
    }

    /// Builds the staged table as a copy of an earlier commit of the same dataset.
    ///
    /// @throws JobFailure `VERSION_NOT_FOUND` when its data are not kept any more
    Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure;

    /// Makes the indexes on the staged table; those that are there already are kept.
    ///
    /// @throws JobFailure `KEY_NOT_UNIQUE` or `KEY_NULL`, naming a key, when a unique index cannot be; a value it
    /// names is the place's too, for whoever must not show it
    void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure;

    /// Makes the staged table durable (content and name) and reads its manifest back.
    ///
    /// @return what would be published; its bytes are final
    /// @throws JobFailure `UNVERIFIABLE` when it is not what was staged; `OBJECT_IN_THE_WAY` when something
    /// of others would be in the way of its publication
    Staged seal(StagingPlan plan, Staged expected) throws JobFailure;

    /// What stands under the name a plan would stage.
    StagedReading staged(StagingPlan plan);

    /// Drops what the attempt has staged, if anything; what is published stays, whoever published it.
    ///
    /// @return whether there was something
    boolean dropStaged(DatasetId dataset, OperationId operation);

    /// All staged objects, of whatever attempt, for recovery and cleanup.
    List<StagedObject> stagedObjects();

    /// Deletes the live table *and its dictionary* in one transaction: the destructive step of `in-place`.
    /// Done again by the same operation it changes nothing.
    ///
    /// @param dictionaryRevision of the dictionary that the caller has a copy of
    /// @return false when the head was not `base` or the dictionary has been edited since, so that nothing was
    /// deleted
    /// @throws dev.belay.job.Fenced when someone else has claimed the dataset
    /// @throws JobFailure `OBJECT_IN_THE_WAY` when something of others hangs on it: nothing was deleted
    boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision)
            throws JobFailure;

    /// Publishes in one transaction: data, dictionary, head, commit, fence check. Idempotent by commit id.
    ///
    /// @throws dev.belay.job.Fenced when someone else has claimed the dataset: nothing was changed
    PublishResult publish(Publication publication);

    /// Brings what is derived from the head up to date (for SQLite files: the `current.sqlite` link). Idempotent,
    /// after the pivot.
    ///
    /// @throws IOException when it cannot; the publication stands
    void expose(DatasetId dataset) throws IOException;

    /// Replaces the live dictionary if it still has the expected revision.
    ///
    /// @return whether it did
    boolean editDictionary(DatasetId dataset, long expectedRevision, DictionaryDocument dictionary);

    /// Removes the data of all but the newest `keep` (at least 1) versions; the history stays. The head is never
    /// removed.
    ///
    /// @return how many versions lost their data
    int retire(DatasetId dataset, int keep);

    /// The first rows of a commit's table, in file order, in their storage form.
    ///
    /// @param limit at most this many
    /// @throws IllegalArgumentException when `limit` is negative
    List<List<@Nullable Object>> preview(Commit commit, int limit);

    /// The file that holds a commit's data, where this store keeps files and still has it.
    Optional<Path> file(Commit commit);

    @Override
    void close();
}
