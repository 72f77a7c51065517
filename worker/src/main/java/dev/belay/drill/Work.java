package dev.belay.drill;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// One job of the load, and how it may end.
///
/// @param allowed  its outcomes
/// @param codes    its failure codes, if it may fail
/// @param copies   how often its message is sent
/// @param conflict another request that is sent later under the same id
record Work(JobMessage message, Set<Outcome> allowed, Set<String> codes, int copies, Optional<JobMessage> conflict) {
    Work {
        allowed = Set.copyOf(allowed);
        codes = Set.copyOf(codes);
    }

    String id() {
        return String.valueOf(message.jobId());
    }

    static Work good(JobMessage message) {
        return new Work(message, Set.of(Outcome.COMPLETED), Set.of(), 1, Optional.empty());
    }

    static Work bad(JobMessage message, String code) {
        return new Work(message, Set.of(Outcome.FAILED), Set.of(code), 1, Optional.empty());
    }

    Work orElse(Outcome... more) {
        var outcomes = new HashSet<>(allowed);
        outcomes.addAll(Set.of(more));
        return new Work(message, outcomes, codes, copies, conflict);
    }

    Work failingWith(String code) {
        return new Work(message, allowed, Set.of(code), copies, conflict);
    }

    Work sent(int times) {
        return new Work(message, allowed, codes, times, conflict);
    }

    Work contradictedBy(JobMessage other) {
        return new Work(message, allowed, codes, copies, Optional.of(other));
    }
}
