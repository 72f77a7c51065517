package dev.belay.saga;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;

/// A failure as it stands in the journal beside the decision to go back.
record KeptFailure(String kind, FailureCode code, String message, Place place) {
    static KeptFailure of(Failure failure) {
        return new KeptFailure(failure.kind(), failure.code(), failure.message(), failure.place());
    }

    Failure failure() {
        return switch (kind) {
            case "Transient" -> new Failure.Transient(code, message, place);
            case "Permanent" -> new Failure.Permanent(code, message, place);
            case "Conflict" -> new Failure.Conflict(code, message, place);
            case "Configuration" -> new Failure.Configuration(code, message, place);
            case "Corrupt" -> new Failure.Corrupt(code, message, place);
            default -> new Failure.Unknown(code, message, place);
        };
    }
}
