package dev.belay.journal;

import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import java.time.Instant;
import java.util.List;

/// What a person is asked before a job goes on.
///
/// @param digest    of what was found and of the file it was found in: an approval is of this and nothing else
/// @param operation the attempt that asks; it has ended and left nothing
/// @param until     when the job is over without a word
/// @param reasons   a sentence each, without line breaks; no value stands there but masked
public record Review(Sha256 digest, OperationId operation, Instant until, List<String> reasons) {
    /// Copies the reasons.
    ///
    /// @throws IllegalArgumentException when there is none, or one has a line break
    public Review {
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty() || reasons.stream().anyMatch(reason -> reason.contains("\n"))) {
            throw new IllegalArgumentException("a review has reasons of one line each");
        }
    }
}
