package dev.belay.job;

/// Why something did not work. The kind comes from types, SQLSTATE, HTTP status and the like, never from message
/// text.
///
/// Whether to try again is a policy of its own, see `saga`: the kind only says what is known about the world.
public sealed interface Failure {
    /// The stable code, documented in `docs/failure-codes.md`.
    FailureCode code();

    /// One sentence: what, where, the value, the limit and the setting that governs it. No secrets, no row longer
    /// than an [Excerpt].
    String message();

    /// Where in the input, if it is about the input.
    Place place();

    /// The name of the kind in events and on the command line.
    default String kind() {
        return getClass().getSimpleName();
    }

    /// May go away by itself: a time-out, a 503, a lock.
    record Transient(FailureCode code, String message, Place place) implements Failure {}

    /// The same input will fail the same way.
    record Permanent(FailureCode code, String message, Place place) implements Failure {}

    /// Another writer was there first.
    record Conflict(FailureCode code, String message, Place place) implements Failure {}

    /// The installation is at fault: rights, disk space, settings. Someone must act.
    record Configuration(FailureCode code, String message, Place place) implements Failure {}

    /// Something of ours does not match its digest. Nothing is guessed; someone must decide.
    record Corrupt(FailureCode code, String message, Place place) implements Failure {}

    /// Not known whether it took effect; to be classified by reading.
    record Unknown(FailureCode code, String message, Place place) implements Failure {}
}
