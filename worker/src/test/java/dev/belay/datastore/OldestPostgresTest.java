package dev.belay.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.OnOldestPostgres;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The datastore's contract on the oldest PostgreSQL that Belay takes, in every build: SQL that only a newer one knows
/// is
/// noticed at once.
@ExtendWith(TestDatabases.class)
@OnOldestPostgres
final class OldestPostgresTest extends DatastoreContract {
    private static final LeastRoleStores STORES = new LeastRoleStores();

    private final TestDatabase database;

    OldestPostgresTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    Datastore open() throws IOException {
        return STORES.open(database);
    }

    @Test
    void isTheOldest() {
        assertThat(database.server().version()).startsWith("14.");
    }

    @AfterAll
    static void takeTheRolesAway() throws SQLException {
        STORES.takeTheRolesAway();
    }
}
