package dev.belay.drill;

import java.sql.SQLException;
import java.util.Optional;

/// How one reader sees what is served, from outside. For one thread.
interface Eyes extends AutoCloseable {
    /// @return what a dataset's table shows; empty when there is none
    /// @throws Away         when the server cannot be asked just now
    /// @throws SQLException when the table cannot be read
    Optional<Seen> see(String dataset) throws SQLException;

    @Override
    void close();

    /// There is nobody to ask: says nothing about a dataset.
    final class Away extends RuntimeException {
        Away(SQLException cause) {
            super(cause);
        }
    }
}
