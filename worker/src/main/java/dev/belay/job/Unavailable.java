package dev.belay.job;

/// Journal, datastore or stash cannot be used at all just now: an outage of ours, not a failure of the job.
///
/// Whoever runs the job lets it wait, without counting an attempt, until the store answers again.
public final class Unavailable extends RuntimeException {
    // Not part of any serialized form: exceptions here never leave the process.
    private final transient Failure failure;

    /// @param failure what is known: [Failure.Configuration] for a full disk or missing rights, else
    /// [Failure.Transient]
    public Unavailable(Failure failure, Throwable cause) {
        super(failure.code() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    /// What is known.
    public Failure failure() {
        return failure;
    }
}
