package dev.belay.format;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The refused records of one file by their number; the reasons of the first ones only, so that memory is bounded.
public final class Refusals {
    private static final int KEPT = 10_000;

    private final Map<Long, Refusal> byRecord = new HashMap<>();
    private long count;

    Refusals() {}

    void add(long record, Refusal refusal) {
        count++;
        if (byRecord.size() < KEPT) {
            byRecord.put(record, refusal);
        }
    }

    /// How many there are.
    public long count() {
        return count;
    }

    Optional<Refusal> of(long record) {
        return Optional.ofNullable(byRecord.get(record));
    }
}
