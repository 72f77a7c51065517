package dev.belay.job;

/// What is done about values that look like personal data.
public enum ScreenRule {
    /// Nobody looks.
    OFF,
    /// It is in the receipt.
    REPORT,
    /// A person decides; until then the job waits, and no worker with it.
    REVIEW,
    /// The job fails before anything is written.
    BLOCK
}
