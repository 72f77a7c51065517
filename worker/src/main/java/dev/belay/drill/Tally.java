package dev.belay.drill;

import java.util.ArrayList;
import java.util.List;

/// Breaches of one kind: all are counted, the first ones are kept in words. For one thread.
final class Tally {
    private static final int MOST_TOLD = 20;

    private final List<String> told = new ArrayList<>();
    private long count;

    void add(String breach) {
        count++;
        if (told.size() < MOST_TOLD) {
            told.add(breach);
        }
    }

    /// Counts a breach unless it is as it must be.
    void check(boolean asItMust, String breach) {
        if (!asItMust) {
            add(breach);
        }
    }

    long count() {
        return count;
    }

    List<String> told() {
        return List.copyOf(told);
    }
}
