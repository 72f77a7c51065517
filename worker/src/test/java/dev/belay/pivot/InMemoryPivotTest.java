package dev.belay.pivot;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.InMemoryDatastore;
import dev.belay.journal.InMemoryJournal;
import dev.belay.journal.Journal;

final class InMemoryPivotTest extends OneStepContract {
    private final InMemoryJournal journal = new InMemoryJournal("one");
    private final InMemoryDatastore datastore = new InMemoryDatastore();
    private final Pivot pivot = new InMemoryPivot(journal, datastore);
    private final DatasetScript city = new DatasetScript(datastore, "city", DatasetScript.ids());

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Datastore datastore() {
        return datastore;
    }

    @Override
    protected Pivot pivot() {
        return pivot;
    }

    @Override
    protected DatasetScript city() {
        return city;
    }
}
