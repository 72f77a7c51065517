package dev.belay.datastore;

import java.util.Optional;

/// What became of a publication. All but [Published] changed nothing.
public sealed interface PublishResult {
    /// It is the head now, or was already published under this commit id.
    record Published(Commit commit) implements PublishResult {}

    /// The head is not the base it was planned on.
    record BaseMoved(Optional<Commit> head) implements PublishResult {}

    /// The dataset was dropped, or made again, since the plan.
    record IncarnationChanged(DatasetState now) implements PublishResult {}

    /// Someone edited the live dictionary since it was merged: merge again and publish again.
    record DictionaryMoved(DatasetState now) implements PublishResult {}

    /// A replace whose message is older than the one the head came from.
    record Superseded(Commit newer) implements PublishResult {}
}
