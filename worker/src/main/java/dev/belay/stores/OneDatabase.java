package dev.belay.stores;

import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.postgres.PostgresDatastore;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.pivot.Pivot;

/// The pivot of a journal and a datastore in one PostgreSQL database: one transaction, on a connection of the
/// datastore's.
///
/// It locks the dataset's row in the catalog, then the one in the journal, then what readers meet. No other transaction
/// locks rows of both, so none waits for it the other way round.
final class OneDatabase implements Pivot {
    private final PostgresJournal journal;
    private final PostgresDatastore datastore;

    /// @param datastore in the database of the journal, under the same role
    OneDatabase(PostgresJournal journal, PostgresDatastore datastore) {
        this.journal = journal;
        this.datastore = datastore;
    }

    @Override
    public Turn publish(Publication publication, End end) {
        PublishResult result = datastore.publish(publication, journal.ending(end.claim(), end.words(), end.clock()));
        return result instanceof PublishResult.Published(var commit) ? new Turn.Ended(commit) : new Turn.Open(result);
    }
}
