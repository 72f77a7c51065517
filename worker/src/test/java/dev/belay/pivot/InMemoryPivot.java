package dev.belay.pivot;

import dev.belay.datastore.InMemoryDatastore;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.journal.InMemoryJournal;

/// The pivot of two stores in memory that change in one step, as those in one database do: passes the contract suite.
public final class InMemoryPivot implements Pivot {
    private final InMemoryJournal journal;
    private final InMemoryDatastore datastore;

    public InMemoryPivot(InMemoryJournal journal, InMemoryDatastore datastore) {
        this.journal = journal;
        this.datastore = datastore;
    }

    /// Ending comes first, because it either throws or happens; the publication cannot fail any more by then.
    @Override
    public Turn publish(Publication publication, End end) {
        PublishResult result = datastore.publish(
                publication,
                commit -> journal.end(
                        end.claim(), end.words().apply(commit), end.clock().instant()));
        return result instanceof PublishResult.Published(var commit) ? new Turn.Ended(commit) : new Turn.Open(result);
    }
}
