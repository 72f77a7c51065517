package dev.belay.cli;

import dev.belay.bench.PostgresServer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The PostgreSQL that both kinds of bench may work on.
final class BenchServer {
    @Option(
            names = "--postgres-url",
            paramLabel = "URL",
            description =
                    "A PostgreSQL on this machine, as jdbc:postgresql://HOST:PORT/DATABASE: bench makes and drops schemas belay_bench… there for the ways POSTGRESQL and PG_COPY_CSV, bench small a database belay_bench. The password is taken from PGPASSWORD.")
    private @Nullable String url;

    @Option(
            names = "--postgres-user",
            paramLabel = "ROLE",
            description =
                    "Who may make schemas there (bench small: databases), and read files for PG_COPY_CSV (default: postgres).")
    private String user = "postgres";

    /// @throws IllegalArgumentException when it is not the URL of one
    Optional<PostgresServer> given() {
        String password = Optional.ofNullable(System.getenv("PGPASSWORD")).orElse("");
        return Optional.ofNullable(url).map(found -> PostgresServer.at(found, user, password));
    }
}
