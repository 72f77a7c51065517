package dev.belay.job;

/// Carries a [Failure] up to where it can be decided about. Its stack trace is for debugging only.
public final class JobFailure extends Exception {
    // Not part of any serialized form: exceptions here never leave the process.
    private final transient Failure failure;

    /// @param failure what is known
    public JobFailure(Failure failure) {
        super(failure.code() + ": " + failure.message());
        this.failure = failure;
    }

    /// @param failure what is known
    /// @param cause   what was caught
    public JobFailure(Failure failure, Throwable cause) {
        super(failure.code() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    /// A failure that may go away by itself.
    public static JobFailure transientFailure(FailureCode code, String message) {
        return new JobFailure(new Failure.Transient(code, message, Place.NONE));
    }

    /// A failure that the same input will meet again.
    public static JobFailure permanent(FailureCode code, String message) {
        return new JobFailure(new Failure.Permanent(code, message, Place.NONE));
    }

    /// A failure of the input at a known place.
    public static JobFailure permanent(FailureCode code, String message, Place place) {
        return new JobFailure(new Failure.Permanent(code, message, place));
    }

    /// A failure of the installation.
    public static JobFailure configuration(FailureCode code, String message) {
        return new JobFailure(new Failure.Configuration(code, message, Place.NONE));
    }

    /// What is known.
    public Failure failure() {
        return failure;
    }
}
