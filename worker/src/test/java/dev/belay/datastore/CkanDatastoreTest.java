package dev.belay.datastore;

import dev.belay.datastore.postgres.PostgresDatastores;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabases.class)
final class CkanDatastoreTest extends StagingContract {
    private final TestDatabase database;

    CkanDatastoreTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    Datastore open() {
        return PostgresDatastores.openedForCkan(database);
    }
}
