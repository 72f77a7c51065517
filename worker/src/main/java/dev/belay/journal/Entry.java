package dev.belay.journal;

/// One line in the log of an attempt.
public sealed interface Entry {
    /// An effect is going to be made.
    record Planned(int ordinal, String stage, String planJson) implements Entry {}

    /// An effect was made.
    record Done(int ordinal, String outputJson) implements Entry {}

    /// All effects to come are planned.
    record Armed() implements Entry {}

    /// All effects before the pivot are done.
    record Confirmed() implements Entry {}

    /// The decision to go back.
    record RollBack(String failureJson) implements Entry {}

    /// An effect was compensated.
    record Undone(int ordinal, Compensation compensation) implements Entry {}
}
