package dev.belay.datastore.postgres;

import dev.belay.kit.OnOldestPostgres;
import dev.belay.kit.TestDatabase;

/// The same where the server says of views and columns what it said in PostgreSQL 14.
@OnOldestPostgres
final class CkanLayoutOnOldestTest extends CkanLayoutTest {
    CkanLayoutOnOldestTest(TestDatabase database) {
        super(database);
    }
}
