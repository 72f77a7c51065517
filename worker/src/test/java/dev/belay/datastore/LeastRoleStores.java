package dev.belay.datastore;

import dev.belay.datastore.postgres.PostgresDatastores;
import dev.belay.kit.LeastRoles;
import dev.belay.kit.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Datastores as the role of `examples/postgresql/roles.sql`, which owns no schema and may make none.
final class LeastRoleStores {
    private final List<LeastRoles> given = new ArrayList<>();

    /// One in schemas of its own.
    Datastore open(TestDatabase database) throws IOException {
        var roles = new LeastRoles(database);
        given.add(roles);
        String stem = database.newSchema();
        try {
            roles.give(stem, stem + "_live");
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
        return PostgresDatastores.opened(database, roles, stem);
    }

    void takeTheRolesAway() throws SQLException {
        for (LeastRoles roles : given) {
            roles.takeAway();
        }
        given.clear();
    }
}
