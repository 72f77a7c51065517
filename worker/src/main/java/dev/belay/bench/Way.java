package dev.belay.bench;

/// The ways to load a file that a bench knows.
public enum Way {
    /// The `sqlite3` shell's `.import`, where there is a shell.
    SQLITE,
    /// DuckDB, where there is its driver.
    DUCKDB,
    /// PostgreSQL's COPY, where a server is named.
    POSTGRES,
    /// The server's own COPY of a CSV file into typed columns, where a server is named.
    PG_COPY_CSV,
    /// Belay's stages in this process.
    ENGINE,
    /// Belay's stages in this process into PostgreSQL, where a server is named.
    POSTGRESQL,
    /// A job by a worker that is up.
    JOB,
    /// `belay run` from nothing.
    COLD
}
