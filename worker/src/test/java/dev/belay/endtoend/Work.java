package dev.belay.endtoend;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import java.util.Set;

/// One job of the load, and how it may end.
///
/// @param allowed  its outcomes
/// @param codes    its failure codes, if it may fail
/// @param sends    how often its message is sent
record Work(JobMessage message, Set<Outcome> allowed, Set<String> codes, int sends) {
    String id() {
        return String.valueOf(message.jobId());
    }

    static Work good(JobMessage message) {
        return new Work(message, Set.of(Outcome.COMPLETED), Set.of(), 1);
    }

    static Work bad(JobMessage message, String code) {
        return new Work(message, Set.of(Outcome.FAILED), Set.of(code), 1);
    }

    Work orElse(Outcome... more) {
        var outcomes = new java.util.HashSet<>(allowed);
        outcomes.addAll(Set.of(more));
        return new Work(message, Set.copyOf(outcomes), codes, sends);
    }

    Work failingWith(String code) {
        return new Work(message, allowed, Set.of(code), sends);
    }

    Work sent(int times) {
        return new Work(message, allowed, codes, times);
    }

    boolean mayFail() {
        return allowed.contains(Outcome.FAILED);
    }
}
