package dev.belay.schemas;

import org.jspecify.annotations.Nullable;

/// A person's word about a job that is waiting or running. The wire form is `control.schema.json`, key = job id.
///
/// @param dataset the job's dataset, where the sender knows it
/// @param by who says so, for the audit
/// @param reason why, for the audit
public record ControlMessage(
        Command command,
        String jobId,
        @Nullable String dataset,
        @Nullable String by,
        @Nullable String reason) {
    public enum Command implements WireName {
        /// Stop the job at the next safe point and undo what it made.
        CANCEL,
        /// Let a job that asked for a review go on.
        APPROVE,
        /// End a job that asked for a review.
        REJECT
    }
}
