package dev.belay.journal;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.WorkerId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What is being done and what was decided. The port that every journal implements and that one contract suite
/// pins.
///
/// Every method is one durable transaction. Methods that take a [Claim] are decisions: they compare its epoch
/// with the dataset's in the same transaction and throw [dev.belay.job.Fenced], changing nothing, when someone
/// has claimed since. Every method may throw [dev.belay.job.Unavailable] when the journal cannot be used. Safe
/// for many threads and processes.
public interface Journal extends AutoCloseable {
    /// Identifies this journal for ever, so that workers of one group can see that they share it.
    String id();

    /// The clock by which workers say that they live, and tell living ones from lost ones: the same for
    /// all that share this journal, whatever the clocks of their hosts say.
    ///
    /// @param own of this host; the answer where all of them are on one
    default InstantSource sharedClock(InstantSource own) {
        return own;
    }

    /// Says that a worker lives.
    ///
    /// @param now by the [#sharedClock]
    void beat(WorkerId worker, Instant now);

    /// Takes note of a delivered job message, once per message, and says what is to be done with it.
    Admission admit(Delivery delivery, Instant now);

    /// Claims the job's dataset for a new attempt: raises the epoch, writes the attempt, counts it, before any
    /// work.
    ///
    /// Refused when another attempt on the dataset is open, see [ClaimResult].
    ///
    /// @param staleBefore an owner that was last heard of before this, by the [#sharedClock], is taken
    /// for dead
    ClaimResult claim(JobId job, OperationId operation, WorkerId owner, Instant now, Instant staleBefore);

    /// Takes over an open attempt in order to resolve it: raises the epoch, so that a stalled owner can decide
    /// nothing more.
    ///
    /// @return empty when it ended meanwhile
    Optional<Seized> seize(OperationId operation, WorkerId owner, Instant now);

    /// Writes entries to the claimed attempt, all or none, in order.
    void record(Claim claim, List<Entry> entries);

    /// Ends the claimed attempt: its state, the job's state, one audit row and the outgoing events in one
    /// transaction.
    void end(Claim claim, Ending ending, Instant now);

    /// Ends a job that may not begin an attempt (its dataset is set aside, its source is refused): needs no claim
    /// because nothing but the job itself is decided. Does nothing when the job is not open at this hop any more.
    void refuse(JobId job, int hop, Verdict.Over verdict, List<OutgoingEvent> events, Instant now);

    /// What is to be announced for a job's hop once it has ended.
    Optional<Announcement> announcement(JobId job, int hop);

    /// Takes note that announcements are out: their Kafka transaction has committed. Unknown ones are passed
    /// over.
    void announced(List<AnnouncementKey> keys);

    /// All attempts that have not ended, oldest first, with their effects.
    List<Attempt> openAttempts();

    /// Those of [#openAttempts()] that `worker` may seize: its own slot's from an earlier life, and those whose
    /// owner was last heard of before `staleBefore`.
    List<Attempt> orphanedAttempts(WorkerId worker, Instant staleBefore);

    /// A job, if it is known.
    Optional<JobRecord> job(JobId job);

    /// The newest jobs first, at most `limit`.
    List<JobRecord> jobs(int limit);

    /// Jobs whose reviews were to be decided by `now`, the oldest first, at most `limit`.
    List<JobRecord> overdueReviews(Instant now, int limit);

    /// All attempts of a job, oldest first, with their effects.
    List<Attempt> attempts(JobId job);

    /// One attempt, if it is known.
    Optional<Attempt> attempt(OperationId operation);

    /// Sets a dataset aside: every claim on it is refused until it is released. The claimed attempt stays open,
    /// every byte is kept.
    void quarantine(Claim claim, String reason, Instant now);

    /// Why a dataset is set aside, if it is.
    Optional<Quarantine> quarantine(DatasetId dataset);

    /// Lets a dataset go on.
    ///
    /// @return whether it was set aside
    boolean release(DatasetId dataset);

    /// Forgets what finished jobs have left that is older than the retention, looking at no more than `limit`
    /// jobs.
    ///
    /// A job is passed over while its end may have to be announced (it is not known to be out), while an
    /// attempt of it is open, or while its dataset is set aside because of it. Else its details go: attempts,
    /// effects, audit rows, event bytes. Its own row is the receipt, from which a redelivery is known as
    /// [Admission.Ended] and a repetition as [Admission.Duplicate]; that goes too once Kafka cannot deliver the
    /// message any more, or else the job would run again. Epochs are never forgotten.
    ///
    /// @param from  0, or [Pruned#next()] of the step before
    /// @param limit at least 1
    Pruned prune(Retention retention, long from, int limit);

    @Override
    void close();
}
