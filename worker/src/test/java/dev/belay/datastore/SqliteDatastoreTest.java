package dev.belay.datastore;

import dev.belay.datastore.sqlite.SqliteDatastore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDatastoreTest extends StagingContract {
    @TempDir
    Path folder;

    @Override
    Datastore open() {
        return SqliteDatastore.open(folder.resolve("data"), DatasetScript.ids());
    }
}
