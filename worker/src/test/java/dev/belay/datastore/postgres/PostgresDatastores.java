package dev.belay.datastore.postgres;

import dev.belay.kit.TestDatabase;
import dev.belay.sql.PostgresAddress;
import java.util.Random;

/// Opens datastores in a test class's database.
public final class PostgresDatastores {
    private static final int CONNECTIONS = 4;

    private PostgresDatastores() {}

    /// One in schemas that nothing else has.
    public static PostgresDatastore opened(TestDatabase database) {
        return opened(database, schemas(database));
    }

    static PostgresDatastore opened(TestDatabase database, Schemas schemas) {
        return PostgresDatastore.open(
                new PostgresAddress(database.url(), database.user(), database.password()),
                schemas,
                CONNECTIONS,
                new Random(1));
    }

    static Schemas schemas(TestDatabase database) {
        String schema = database.newSchema();
        return Schemas.named(schema, schema + "_live");
    }
}
