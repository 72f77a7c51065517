package dev.belay.screen;

import java.util.List;

/// What is looked for and how much is kept of it. Immutable, for any number of files at once.
///
/// @param patterns     patterns of one's own, after the built-in detectors
/// @param samples      how many places and masked samples are kept of each detector in a column; the others are
/// counted
/// @param patternBytes how much of a value is given to own patterns, which bounds the time for each
public record Screening(List<OwnPattern> patterns, int samples, int patternBytes) {
    /// The most own patterns, because a value is given to each.
    public static final int MOST_PATTERNS = 32;

    /// Checks and copies.
    public Screening {
        patterns = List.copyOf(patterns);
        if (patterns.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException("at most %d patterns, not %d".formatted(MOST_PATTERNS, patterns.size()));
        }
    }

    /// An empty tally for a column.
    public ColumnScreen column() {
        return new ColumnScreen(this);
    }

    int detectors() {
        return Detector.values().length + patterns.size();
    }

    String label(int detector) {
        int own = detector - Detector.values().length;
        return own < 0
                ? Detector.values()[detector].label()
                : "pattern:" + patterns.get(own).name();
    }
}
