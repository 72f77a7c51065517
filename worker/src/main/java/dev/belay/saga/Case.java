package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.stage.Publish;

/// What an open attempt turns out to be, once it has been seized and the datastore has been read. One action for
/// each.
sealed interface Case {
    /// Its version is in the history: finish it as completed.
    record VisibleForward(Commit commit, Publish.Plan plan) implements Case {}

    /// Its compensated state is in the history: finish it as rolled back.
    record VisibleRollback(Commit commit) implements Case {}

    /// Both are: set the dataset aside.
    record BothVisible() implements Case {}

    /// The dataset was dropped meanwhile: discard what is its own.
    record DatasetGone() implements Case {}

    /// The dataset was dropped and made again meanwhile: discard what is its own.
    record IncarnationChanged() implements Case {}

    /// Nothing but private files: discard.
    record NoEffect() implements Case {}

    /// All is done but the pivot, and the head is still its base: publish.
    record ConfirmedBaseUnchanged(Publish.Plan plan) implements Case {}

    /// All is done but the pivot, and someone else has published: go back, the winner stays.
    record ConfirmedBaseMoved() implements Case {}

    /// Armed, perhaps with effects, not confirmed; or already on its way back: go back.
    record Incomplete() implements Case {}

    /// Something is not what it should be: set the dataset aside, keep every byte.
    record Unverifiable(String reason) implements Case {}
}
