package dev.belay.stores;

import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestDatabases.class)
final class PostgresReadersTest extends StoreReadersContract {
    private final TestDatabase database;

    @TempDir
    private Path folder = Path.of("");

    PostgresReadersTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    StorePlaces empty() {
        return TestPlaces.in(database, folder);
    }

    @Override
    boolean hasFiles() {
        return false;
    }
}
