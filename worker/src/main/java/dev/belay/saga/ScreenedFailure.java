package dev.belay.saga;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.screen.Mask;

/// Takes out of a screened job's failure the value that a store has put into it: stores know nothing of screening.
/// What is examined before is masked already.
final class ScreenedFailure {
    private ScreenedFailure() {}

    static JobFailure of(JobFailure failed) {
        Failure failure = failed.failure();
        Place place = failure.place();
        if (failure.code() != FailureCode.KEY_NOT_UNIQUE || place.value().isEmpty()) {
            return failed;
        }
        String value = place.value().get();
        String message = failure.message().replace(value, Mask.of(value));
        return new JobFailure(new Failure.Permanent(failure.code(), message, place.withValue(Mask::of)), failed);
    }
}
