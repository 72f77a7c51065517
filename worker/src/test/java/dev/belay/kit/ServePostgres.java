package dev.belay.kit;

import java.io.IOException;

/// A durable PostgreSQL server for a bench by hand: prints its address, as `belay bench --postgres-url` takes it,
/// and runs until its standard input ends.
public final class ServePostgres {
    private ServePostgres() {}

    /// @param arguments none
    public static void main(String[] arguments) throws IOException {
        try (TestPostgres server = TestPostgres.durable()) {
            System.out.printf("%s (user %s)%n", server.url(server.maintenanceDatabase()), server.user());
            while (System.in.read() >= 0) {
                // Until it ends.
            }
        }
    }
}
