package dev.belay.journal;

/// What is to be done with a delivered message.
public sealed interface Admission {
    /// Run it (or go on with it).
    record Run(JobRecord job) implements Admission {}

    /// This very message was dealt with; its announcement may not have gone out: send it, if it is not marked
    /// announced.
    record Ended(Announcement announcement) implements Admission {}

    /// Another message with the same id and the same request: the first receipt stands, nothing runs, nothing is
    /// announced.
    record Duplicate(JobRecord first) implements Admission {}

    /// A decision that answers no open review: a dead letter. Nothing changes.
    ///
    /// @param reason for people
    record Unasked(String reason) implements Admission {}

    /// Another message with the same id and another request: a dead letter.
    record Conflict(JobRecord first) implements Admission {}
}
