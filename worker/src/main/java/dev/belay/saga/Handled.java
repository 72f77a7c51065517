package dev.belay.saga;

import dev.belay.journal.Announcement;
import dev.belay.journal.JobRecord;

/// What intake does about a handled message.
public sealed interface Handled {
    /// The hop has ended: send the announcement with the offset in one transaction, then tell the journal.
    record Announce(Announcement announcement) implements Handled {}

    /// There is nothing to say (a duplicate, or it is known to be announced): only the offset moves.
    record Drop(String reason) implements Handled {}

    /// The id was used for another request before: a dead letter, and the offset moves.
    record Conflict(JobRecord first) implements Handled {}

    /// A decision on a review that nobody asked for: a dead letter, and the offset moves.
    ///
    /// @param reason for people
    record Unasked(String reason) implements Handled {}

    /// Not now: hand the same message in again later. The offset stays.
    ///
    /// @param cause why
    /// @param reason for people
    record Later(Cause cause, String reason) implements Handled {
        /// Why a message has to wait.
        public enum Cause {
            /// Another worker is busy with the dataset, or others have something in the way of its
            /// publication: soon.
            BUSY,
            /// Journal, datastore or stash cannot be used: no message can be handled until they can.
            OUTAGE,
            /// This worker was told to stop.
            STOPPED,
            /// Someone else has taken the dataset over: if the message is still ours, soon.
            FENCED
        }
    }
}
