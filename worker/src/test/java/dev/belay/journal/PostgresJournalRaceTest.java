package dev.belay.journal;

import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabases.class)
final class PostgresJournalRaceTest extends JournalRaceContract {
    PostgresJournalRaceTest(TestDatabase database) {
        super(opener(database, database.newSchema()));
    }

    private static Supplier<Journal> opener(TestDatabase database, String schema) {
        return () -> PostgresJournals.opened(database, schema);
    }
}
