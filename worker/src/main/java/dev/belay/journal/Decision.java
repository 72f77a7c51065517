package dev.belay.journal;

import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import java.util.Optional;

/// The word on a [Review]: it comes as a message, with the next hop of its job.
///
/// @param of    the digest of the review it answers
/// @param by    who says so, a NUL in it being U+FFFD: headers hold any bytes, and not every store takes it
/// @param note  why, for people; the same
/// @param place where the message itself stands, by which it is told from a second one
public record Decision(Word word, Sha256 of, String by, Optional<String> note, SourcePosition place) {
    public Decision {
        by = by.replace('\0', '\uFFFD');
        note = note.map(text -> text.replace('\0', '\uFFFD'));
    }

    /// What is said.
    public enum Word {
        /// Go on, if the file is still the one that was looked at.
        APPROVED,
        /// The job is over.
        REJECTED,
        /// Nobody said anything in time: the job is over.
        EXPIRED;

        /// Whether the job goes on.
        public boolean goesOn() {
            return this == APPROVED;
        }
    }
}
