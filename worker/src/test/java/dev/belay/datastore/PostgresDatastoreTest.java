package dev.belay.datastore;

import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/// As a role that may do no more than it must.
@ExtendWith(TestDatabases.class)
final class PostgresDatastoreTest extends StagingContract {
    private static final LeastRoleStores STORES = new LeastRoleStores();

    private final TestDatabase database;

    PostgresDatastoreTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    Datastore open() throws IOException {
        return STORES.open(database);
    }

    @AfterAll
    static void takeTheRolesAway() throws SQLException {
        STORES.takeTheRolesAway();
    }
}
