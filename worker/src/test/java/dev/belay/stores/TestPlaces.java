package dev.belay.stores;

import dev.belay.kit.TestDatabase;
import dev.belay.sql.PostgresAddress;
import java.nio.file.Path;
import java.util.Random;

/// Places of stores in a test class's database.
public final class TestPlaces {
    private static final int CONNECTIONS = 4;

    private TestPlaces() {}

    /// In schemas that nothing else has.
    ///
    /// @param folder what the host has of its own
    public static StorePlaces in(TestDatabase database, Path folder) {
        StorePlace.Server server = server(database);
        return new StorePlaces(folder, server, server, new Random(1));
    }

    /// In schemas that nothing else has, of what is taken for two databases, because their URLs differ.
    ///
    /// @param folder what the host has of its own
    public static StorePlaces apart(TestDatabase database, Path folder) {
        StorePlace.Server server = server(database);
        return new StorePlaces(folder, server, elsewhere(server), new Random(1));
    }

    /// The same place at another URL.
    static StorePlace.Server elsewhere(StorePlace.Server server) {
        PostgresAddress address = server.address();
        return new StorePlace.Server(
                new PostgresAddress(address.url() + "?connectTimeout=10", address.user(), address.password()),
                server.connections(),
                server.stem(),
                server.live());
    }

    /// Schemas that nothing else has.
    public static StorePlace.Server server(TestDatabase database) {
        var address = new PostgresAddress(database.url(), database.user(), database.password());
        String stem = database.newSchema();
        return new StorePlace.Server(address, CONNECTIONS, stem, stem + "_live");
    }
}
