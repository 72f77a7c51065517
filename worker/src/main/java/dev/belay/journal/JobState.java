package dev.belay.journal;

/// OPEN → AWAITING_RETRY or AWAITING_REVIEW → OPEN …, and from OPEN to exactly one of the others, for ever.
public enum JobState {
    /// Accepted; waiting or being worked on.
    OPEN,
    /// Its last attempt was rolled back, the next one is due later.
    AWAITING_RETRY,
    /// A person has to approve or reject it; no worker holds it.
    AWAITING_REVIEW,
    /// A version was published for it.
    COMPLETED,
    /// There was nothing to do.
    SKIPPED,
    /// It will not be tried again; dead-lettered.
    FAILED,
    /// Someone called it off.
    CANCELLED,
    /// A newer job had already published.
    SUPERSEDED;

    /// Whether it is for ever.
    public boolean isTerminal() {
        return switch (this) {
            case OPEN, AWAITING_RETRY, AWAITING_REVIEW -> false;
            case COMPLETED, SKIPPED, FAILED, CANCELLED, SUPERSEDED -> true;
        };
    }
}
