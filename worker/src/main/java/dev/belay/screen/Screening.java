package dev.belay.screen;

import java.util.List;
import java.util.stream.Collectors;

/// What is looked for and how much is kept of it. Immutable, for any number of files at once.
///
/// @param patterns     patterns of one's own, after the built-in detectors
/// @param samples      how many places and masked samples are kept of each detector in a column; the others are
/// counted
/// @param patternBytes how much of a value is given to own patterns, which bounds the time for each
public record Screening(List<OwnPattern> patterns, int samples, int patternBytes) {
    /// The detectors that come with Belay, with three samples each.
    public static final Screening BUILT_IN = new Screening(List.of(), 3, 64 * 1024);

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

    /// All that decides what is found, in one line.
    public String text() {
        return Detector.VERSION + patterns.stream().map(OwnPattern::text).collect(Collectors.joining(" ", " ", ""));
    }

    int detectors() {
        return Detector.values().length + patterns.size();
    }

    @SuppressWarnings("EnumOrdinal") // A place for each, in one run only.
    String label(int detector) {
        int own = detector - Detector.values().length;
        return own < 0
                ? Detector.values()[detector].label()
                : "pattern:" + patterns.get(own).name();
    }
}
