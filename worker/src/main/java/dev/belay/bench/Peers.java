package dev.belay.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// Where other tools may be found.
public final class Peers {
    private Peers() {}

    /// DuckDB's driver in the local Maven repository.
    ///
    /// @param properties of the system
    public static Optional<Path> duckDb(Properties properties) {
        String repository = properties.getProperty("maven.repo.local");
        return DuckDb.find(
                repository == null
                        ? Path.of(properties.getProperty("user.home"), ".m2", "repository")
                        : Path.of(repository));
    }
}
