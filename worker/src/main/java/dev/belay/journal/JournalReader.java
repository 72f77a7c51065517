package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A journal for commands that only look: never made, migrated or written by this, and readable also when a newer
/// program has written it. The answers are those of [Journal].
///
/// Every method may throw [dev.belay.job.Unavailable] when the journal cannot be read.
public interface JournalReader extends AutoCloseable {
    /// Identifies the journal for ever.
    String id();

    /// The datastore that this journal decides about, where that is one that other hosts reach too; empty when none was
    /// ever named.
    Optional<String> datastore();

    /// What is to be announced for a job's hop once it has ended.
    Optional<Announcement> announcement(JobId job, int hop);

    /// All attempts that have not ended, oldest first, with their effects.
    List<Attempt> openAttempts();

    /// A job, if it is known.
    Optional<JobRecord> job(JobId job);

    /// The newest jobs first, at most `limit`.
    ///
    /// @throws IllegalArgumentException when `limit` is negative
    List<JobRecord> jobs(int limit);

    /// The newest jobs of a dataset, in a state, or both, newest first, at most `limit`.
    List<JobRecord> jobs(Optional<DatasetId> dataset, Optional<JobState> state, int limit);

    /// Jobs whose ids begin like this, by id, at most `limit`.
    List<JobRecord> jobsBeginningWith(String prefix, int limit);

    /// All attempts of a job, oldest first, with their effects.
    List<Attempt> attempts(JobId job);

    /// One attempt, if it is known.
    Optional<Attempt> attempt(OperationId operation);

    /// The attempts on a dataset that went forward to their end, oldest first, with their effects.
    List<Attempt> succeeded(DatasetId dataset);

    /// Of each dataset the last attempt that has published and gone forward to its end, as far as it is kept; with its
    /// effects. Looks at every attempt there is: for a start, or a repair.
    List<Attempt> lastPublications();

    /// The highest claim on every dataset the journal knows.
    Map<DatasetId, Epoch> epochs();

    /// Why a dataset is set aside, if it is.
    Optional<Quarantine> quarantine(DatasetId dataset);

    /// Operations of ended attempts that have not exactly one audit row; of open ones that have any.
    List<String> badlyAudited();

    /// How many attempts were ever made.
    long attemptCount();

    /// Workers that have said since then, by the [#sharedClock], that they live.
    List<WorkerId> heardSince(Instant then);

    /// As [Journal#sharedClock].
    default InstantSource sharedClock(InstantSource own) {
        return own;
    }

    /// What the database itself finds wrong when it looks through the journal; empty when nothing is, or
    /// when it is not for us to ask.
    List<String> damage();

    /// Whether a newer program has written it: then workers of this one refuse it.
    boolean isTooNew();

    @Override
    void close();
}
