package dev.belay.journal;

import java.util.Locale;
import java.util.Optional;

/// What is said of decisions that decide nothing; the same for every journal.
public final class Reviews {
    private Reviews() {}

    /// Why a decision cannot be about the job that the journal knows, as far as the job alone tells.
    public static Optional<String> unasked(Delivery delivery, Decision said, Optional<JobRecord> known) {
        if (known.isEmpty()) {
            return Optional.of("job %s is %s, but the journal does not know it".formatted(delivery.job(), word(said)));
        }
        JobRecord job = known.get();
        boolean same = job.requestDigest().equals(delivery.requestDigest())
                && job.position().equals(delivery.position());
        return same
                ? Optional.empty()
                : Optional.of("the decision is not about the job %s that the journal knows".formatted(job.job()));
    }

    /// A decision about a review that was never asked for, or about an earlier one.
    public static String ofNothing(JobRecord job, Decision said) {
        return "job %s is %s, but it does not wait for that: it is %s"
                .formatted(
                        job.job(),
                        word(said),
                        job.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /// A second decision. The same word again, and the clock's that comes late, are no contradiction.
    public static Admission late(JobRecord job, Decision said, Decision before) {
        if (said.word() == before.word() || said.word() == Decision.Word.EXPIRED) {
            return new Admission.Duplicate(job);
        }
        return new Admission.Unasked("job %s is %s by %s, but it was %s by %s before"
                .formatted(job.job(), word(said), said.by(), word(before), before.by()));
    }

    private static String word(Decision said) {
        return said.word().name().toLowerCase(Locale.ROOT);
    }
}
