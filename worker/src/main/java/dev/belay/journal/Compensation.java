package dev.belay.journal;

/// What a compensation did.
///
/// @param result how it went
/// @param detail for people: what was removed, or why not
public record Compensation(Result result, String detail) {
    /// How a compensation went.
    public enum Result {
        /// What was there is removed or restored.
        DONE,
        /// There was nothing.
        NOTHING_TO_DO,
        /// It could not; it is tried again by recovery.
        FAILED
    }
}
