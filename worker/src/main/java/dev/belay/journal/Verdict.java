package dev.belay.journal;

import java.time.Instant;

/// What follows for the job when an attempt ends.
public sealed interface Verdict {
    /// The job goes on at once with another attempt for the same message (after a crash or an outage).
    record Again() implements Verdict {}

    /// The job waits in a retry topic; its next message has the next hop.
    ///
    /// @param dueAt when the next attempt may begin
    record Retry(Instant dueAt) implements Verdict {}

    /// The job waits for a person, in the journal alone; the [Decision] has the next hop.
    record Ask(Review review) implements Verdict {}

    /// The job is over.
    ///
    /// @param state       a terminal state
    /// @param receiptJson the data of the terminal event
    record Over(JobState state, String receiptJson) implements Verdict {}
}
