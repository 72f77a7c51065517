package dev.belay.datastore.postgres;

import dev.belay.kit.LeastRoles;
import dev.belay.kit.TestDatabase;
import dev.belay.parts.Cores;
import dev.belay.sql.PostgresAddress;
import java.util.Random;

/// Opens datastores in a test class's database.
public final class PostgresDatastores {
    static final int CONNECTIONS = 4;

    // Of all tests of a JVM: its threads are daemons.
    static final Cores CORES = new Cores(2);

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
                new Random(1),
                CORES);
    }

    /// One as a role that may do little, in the schemas it was given.
    public static PostgresDatastore opened(TestDatabase database, LeastRoles roles, String stem) {
        return PostgresDatastore.open(
                new PostgresAddress(database.url(), roles.worker(), roles.password()),
                Schemas.named(stem, stem + "_live"),
                CONNECTIONS,
                new Random(1));
    }

    /// One of a CKAN site, in schemas that nothing else has.
    public static PostgresDatastore openedForCkan(TestDatabase database) {
        return openedForCkan(database, schemas(database));
    }

    static PostgresDatastore openedForCkan(TestDatabase database, Schemas schemas) {
        return opened(database, schemas.laidOut(TableLayout.CKAN));
    }

    static Schemas schemas(TestDatabase database) {
        String schema = database.newSchema();
        return Schemas.named(schema, schema + "_live");
    }
}
