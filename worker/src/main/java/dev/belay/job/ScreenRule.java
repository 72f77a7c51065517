package dev.belay.job;

/// What is done about values that look like personal data.
public enum ScreenRule {
    /// Nobody looks.
    OFF,
    /// It is in the receipt.
    REPORT,
    /// The job fails before anything is written.
    BLOCK
}
