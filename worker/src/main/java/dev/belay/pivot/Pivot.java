package dev.belay.pivot;

import dev.belay.datastore.Commit;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.journal.Claim;
import dev.belay.journal.Ending;
import java.time.InstantSource;
import java.util.function.Function;

/// Publishes, and ends the attempt in the same transaction where journal and datastore are of one database. Safe for
/// many threads and processes.
public interface Pivot {
    /// Publishes as [Datastore#publish] does. Killed half-way, or where its answer is lost, all of it has happened or
    /// nothing: never a version without the end that belongs to it, where [Turn.Ended] would have been the answer.
    ///
    /// @throws dev.belay.job.Fenced when someone else has claimed the dataset: nothing was changed
    /// @throws dev.belay.job.Unavailable when a store cannot be used: then it is not known whether it took effect
    /// @throws IllegalStateException when the attempt is not open under the claim any more: nothing was changed
    Turn publish(Publication publication, End end);

    /// How an attempt ends once it has published.
    ///
    /// @param claim under which it is published and ended
    /// @param words the ending by what was published; asked inside the transaction, perhaps more than once, so
    /// it asks no store itself: none knows of the version yet
    /// @param clock dates the end
    record End(Claim claim, Function<Commit, Ending> words, InstantSource clock) {}

    /// What came of it.
    sealed interface Turn {
        /// The version is the head, and the attempt has ended with it.
        record Ended(Commit commit) implements Turn {}

        /// The attempt is open: what was published, if anything, is to be ended next.
        record Open(PublishResult result) implements Turn {}
    }

    /// Publishes only, for stores of which nobody can change two at once.
    static Pivot publishing(Datastore datastore) {
        return (publication, end) -> new Turn.Open(datastore.publish(publication));
    }
}
