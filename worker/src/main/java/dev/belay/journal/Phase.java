package dev.belay.journal;

/// How far an attempt is.
///
/// CLAIMED → ARMED → CONFIRMED → ENDED; from each of the first three → ROLLING_BACK → ENDED. Never back: once
/// ROLLING_BACK is written, no recovery goes forward again.
public enum Phase {
    /// Nothing but private files.
    CLAIMED,
    /// Its plan (base, effects to come) is written.
    ARMED,
    /// All effects before the pivot are done and their outputs known.
    CONFIRMED,
    /// The decision to go back is written.
    ROLLING_BACK,
    /// Over.
    ENDED;

    /// Whether the next phase may follow this one.
    public boolean allows(Phase next) {
        return switch (this) {
            case CLAIMED -> next == ARMED || next == ROLLING_BACK || next == ENDED;
            case ARMED -> next == CONFIRMED || next == ROLLING_BACK;
            case CONFIRMED -> next == ROLLING_BACK || next == ENDED;
            case ROLLING_BACK -> next == ENDED;
            case ENDED -> false;
        };
    }
}
