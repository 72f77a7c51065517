package dev.belay.powercut;

import dev.belay.schemas.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was announced before the power went, kept where no power cut reaches. Used by one thread at a time.
final class Acknowledged {
    private final Map<String, End> ends = new LinkedHashMap<>();
    private final Map<String, Integer> titles = new LinkedHashMap<>();
    private final List<String> contradictions = new ArrayList<>();

    /// One job's end as it was announced.
    ///
    /// @param version the published one, `null` if none was
    /// @param event   the id of the event that said so
    record End(String job, Outcome outcome, String version, String event) {}

    /// An end was announced.
    void ended(End end) {
        End before = ends.putIfAbsent(end.job(), end);
        if (before != null && !before.equals(end)) {
            contradictions.add("%s was announced as %s".formatted(before, end));
        }
    }

    /// A person was told that the title is kept.
    void titled(String dataset, int number) {
        titles.merge(dataset, number, Math::max);
    }

    List<End> ends() {
        return List.copyOf(ends.values());
    }

    Map<String, Integer> titles() {
        return Map.copyOf(titles);
    }

    /// Ends that were announced twice, and differently.
    List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    boolean has(String job) {
        return ends.containsKey(job);
    }

    int size() {
        return ends.size();
    }
}
