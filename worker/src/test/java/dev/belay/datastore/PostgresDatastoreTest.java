package dev.belay.datastore;

import dev.belay.datastore.postgres.PostgresDatastores;
import dev.belay.kit.LeastRoles;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/// As the role of `examples/postgresql/roles.sql`, which owns no schema and may make none.
@ExtendWith(TestDatabases.class)
final class PostgresDatastoreTest extends StagingContract {
    private static final List<LeastRoles> GIVEN = new ArrayList<>();

    private final TestDatabase database;

    PostgresDatastoreTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    Datastore open() throws IOException {
        var roles = new LeastRoles(database);
        GIVEN.add(roles);
        String stem = database.newSchema();
        try {
            roles.give(stem, stem + "_live");
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
        return PostgresDatastores.opened(database, roles, stem);
    }

    @AfterAll
    static void takeTheRolesAway() throws SQLException {
        for (LeastRoles roles : GIVEN) {
            roles.takeAway();
        }
        GIVEN.clear();
    }
}
