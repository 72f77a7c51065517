package dev.belay.source;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;

/// Failures with a cause, and the one every fetcher shares.
final class Failures {
    private Failures() {}

    /// Transient.
    static JobFailure mayPass(FailureCode code, String message, Throwable cause) {
        return new JobFailure(new Failure.Transient(code, message, Place.NONE), cause);
    }

    /// Permanent.
    static JobFailure stays(FailureCode code, String message, Throwable cause) {
        return new JobFailure(new Failure.Permanent(code, message, Place.NONE), cause);
    }

    /// The thread was interrupted.
    static JobFailure stopped(String shown) {
        return JobFailure.transientFailure(
                FailureCode.WORKER_STOPPED, shown + ": the fetch was interrupted before it was done");
    }
}
