package dev.belay.schemas;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an event says: the `data` of the CloudEvent. Every ending of a job is a [Receipt]; the others are here.
///
/// Readers must ignore fields they do not know. A list that is missing from what is read is taken as empty.
public sealed interface EventData permits Receipt, EventData.Ongoing {
    /// The type of the event that carries this.
    EventType type();

    /// The Kafka key of the event; null only where a job message was too broken to name its dataset.
    @Nullable String dataset();

    /// What is told before or beside the end of a job.
    sealed interface Ongoing extends EventData {}

    /// A job has been read and will be worked on. Once per job.
    ///
    /// @param requestDigest as [MessageCodec#requestDigest(JobMessage)] gives it
    record Accepted(
            String jobId,
            String dataset,
            Mode mode,
            PublishStrategy publish,
            SourceSummary source,
            String requestDigest,
            Origin origin,
            @Nullable String owner,
            List<String> groups)
            implements Ongoing {
        public Accepted {
            groups = Lists.copy(groups);
        }

        @Override
        public EventType type() {
            return EventType.JOB_ACCEPTED;
        }
    }

    /// A stage of an attempt has started or is done.
    ///
    /// @param stage the stage's name, such as `fetch`
    /// @param millis how long it took; null while it has only started
    record Stage(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            String stage,
            State state,
            @Nullable Long millis)
            implements Ongoing {
        public enum State implements WireName {
            STARTED,
            DONE
        }

        @Override
        public EventType type() {
            return EventType.JOB_STAGE;
        }
    }

    /// How far a stage is. Sent at intervals, not for every step.
    ///
    /// @param total null where it cannot be known
    record Progress(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            String stage,
            long done,
            @Nullable Long total,
            Unit unit)
            implements Ongoing {
        public enum Unit implements WireName {
            BYTES,
            ROWS
        }

        @Override
        public EventType type() {
            return EventType.JOB_PROGRESS;
        }
    }

    /// An attempt failed and everything it had made is taken back. Once per failed attempt.
    ///
    /// @param compensations what was taken back, in the order it was done
    /// @param nextAttemptAt null: there will be none
    record RolledBack(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            Failure failure,
            List<Compensation> compensations,
            @Nullable Instant nextAttemptAt,
            @Nullable StillServed stillServed,
            List<Truncation> truncated)
            implements Ongoing {
        public RolledBack {
            compensations = Lists.copy(compensations);
            truncated = Lists.copy(truncated);
        }

        @Override
        public EventType type() {
            return EventType.JOB_ROLLED_BACK;
        }
    }

    /// A job waits until a person approves or rejects it.
    record ReviewRequested(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            List<String> reasons,
            @Nullable Instant expiresAt,
            List<Truncation> truncated)
            implements Ongoing {
        public ReviewRequested {
            reasons = Lists.copy(reasons);
            truncated = Lists.copy(truncated);
        }

        @Override
        public EventType type() {
            return EventType.JOB_REVIEW_REQUESTED;
        }
    }

    /// An attempt whose worker was gone has been brought to a decision by another, or by the same after a restart.
    ///
    /// @param finding what was found, a case of the classifier such as `incomplete`
    /// @param action what was done about it
    record Recovered(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            String finding,
            Action action,
            List<Compensation> compensations,
            @Nullable String detail,
            List<Truncation> truncated)
            implements Ongoing {
        public enum Action implements WireName {
            FINALIZED,
            ROLLED_FORWARD,
            ROLLED_BACK,
            DISCARDED,
            QUARANTINED
        }

        public Recovered {
            compensations = Lists.copy(compensations);
            truncated = Lists.copy(truncated);
        }

        @Override
        public EventType type() {
            return EventType.JOB_RECOVERED;
        }
    }

    /// Another version of a dataset is served from now on.
    ///
    /// @param file the SQLite file, where there is one
    record Published(
            String jobId,
            String dataset,
            String operationId,
            String commitId,
            Kind kind,
            long version,
            @Nullable Long previousVersion,
            long rows,
            @Nullable String file)
            implements Ongoing {
        public enum Kind implements WireName {
            /// A version that a job made.
            PUBLISH,
            /// The compensated state after a failed in-place load.
            ROLLBACK
        }

        @Override
        public EventType type() {
            return EventType.DATASET_PUBLISHED;
        }
    }

    /// A dataset is no more.
    ///
    /// @param version the last one that was served; null if none was
    record Dropped(
            String dataset,
            String operationId,
            @Nullable Long version,
            @Nullable String by) implements Ongoing {
        @Override
        public EventType type() {
            return EventType.DATASET_DROPPED;
        }
    }

    /// The dictionary has been put aside before anything could harm it.
    ///
    /// @param sha256 of the stashed body
    record Stashed(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            String sha256,
            int fields,
            @Nullable String baseCommitId)
            implements Ongoing {
        @Override
        public EventType type() {
            return EventType.DICTIONARY_STASHED;
        }
    }

    /// A stashed dictionary has been used because the live one was gone.
    ///
    /// @param stashedBy the operation id of the attempt that stashed it
    record Restored(
            String jobId,
            String dataset,
            String operationId,
            int attempt,
            String sha256,
            int fields,
            String stashedBy,
            Instant stashedAt)
            implements Ongoing {
        @Override
        public EventType type() {
            return EventType.DICTIONARY_RESTORED;
        }
    }

    /// One thing a roll-back took back, or tried to.
    record Compensation(
            String stage,
            String action,
            Result result,
            @Nullable String detail) {
        public enum Result implements WireName {
            DONE,
            NOTHING_TO_DO,
            FAILED
        }
    }

    /// The version that readers of the dataset see.
    record StillServed(long version, long rows) {}

    /// A job's source as far as it is known; a URL stands here without user info and query.
    ///
    /// @param version the earlier version that is published again, where the job asks for one
    record SourceSummary(
            @Nullable String url,
            @Nullable Long version,
            @Nullable String sha256,
            @Nullable Long bytes) {}

    /// A list that did not fit into the event.
    ///
    /// @param field the list's name
    /// @param kept how many of its elements are in the event, the first ones
    /// @param total how many there are
    record Truncation(String field, int kept, int total) {}
}
