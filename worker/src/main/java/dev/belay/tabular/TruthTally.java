package dev.belay.tabular;

import java.util.Optional;

/// How often there was true and how often false, and in what order.
final class TruthTally {
    private long trues;
    private long falses;
    private boolean first;
    private boolean last;
    private boolean rises;
    private boolean falls;

    void clear() {
        trues = 0;
        falses = 0;
        rises = false;
        falls = false;
    }

    void add(boolean truth) {
        if (trues + falses == 0) {
            first = truth;
        } else {
            note(truth);
        }
        last = truth;
        trues += truth ? 1 : 0;
        falses += truth ? 0 : 1;
    }

    /// Takes in what came after.
    void add(TruthTally later) {
        if (later.trues + later.falses == 0) {
            return;
        }
        if (trues + falses == 0) {
            first = later.first;
        } else {
            note(later.first);
        }
        last = later.last;
        rises |= later.rises;
        falls |= later.falls;
        trues += later.trues;
        falses += later.falses;
    }

    private void note(boolean next) {
        rises |= !last && next;
        falls |= last && !next;
    }

    long trues() {
        return trues;
    }

    long falses() {
        return falses;
    }

    int different() {
        return (trues > 0 ? 1 : 0) + (falses > 0 ? 1 : 0);
    }

    Optional<String> least() {
        return different() == 0 ? Optional.empty() : Optional.of(Boolean.toString(falses == 0));
    }

    Optional<String> most() {
        return different() == 0 ? Optional.empty() : Optional.of(Boolean.toString(trues > 0));
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, different() > 0);
    }
}
