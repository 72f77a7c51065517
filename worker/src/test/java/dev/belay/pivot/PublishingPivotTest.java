package dev.belay.pivot;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.job.IdSource;
import dev.belay.journal.Journal;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// Stores in files, which nobody can change in one step.
final class PublishingPivotTest extends PivotContract {
    private final Stores stores;
    private final DatasetScript city;

    PublishingPivotTest(@TempDir Path folder) throws Exception {
        IdSource ids = DatasetScript.ids();
        stores = Stores.open(DataFolder.at(folder), ids);
        city = new DatasetScript(stores.datastore(), "city", ids);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Override
    protected Journal journal() {
        return stores.journal();
    }

    @Override
    protected Datastore datastore() {
        return stores.datastore();
    }

    @Override
    protected Pivot pivot() {
        return stores.pivot();
    }

    @Override
    protected DatasetScript city() {
        return city;
    }
}
