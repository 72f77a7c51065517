package dev.belay.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is to be measured.
///
/// @param samples  files to make
/// @param scale    of their rows, 1 for their full size
/// @param file     a file to load instead of them
/// @param runs     rounds that count
/// @param ways     to load them
/// @param duckDb   the jar of its JDBC driver
/// @param postgres a server, as `psql` takes it
/// @param server   a server, as Belay takes it
public record BenchPlan(
        List<Sample> samples,
        double scale,
        Optional<Path> file,
        int runs,
        Set<Way> ways,
        Optional<Path> duckDb,
        Optional<String> postgres,
        Optional<PostgresServer> server) {
    /// The files never change unless this does.
    static final long SEED = 311;

    /// @throws IllegalArgumentException naming what is out of range
    public BenchPlan {
        samples = List.copyOf(samples);
        ways = Set.copyOf(ways);
        if (!(scale > 0 && scale <= 100)) {
            throw new IllegalArgumentException("--scale is more than 0 and at most 100, not " + scale);
        }
        if (runs < 1 || runs > 100) {
            throw new IllegalArgumentException("--runs is 1 to 100, not " + runs);
        }
    }
}
