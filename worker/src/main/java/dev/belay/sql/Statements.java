package dev.belay.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Where the statements of a connection come from. For one thread at a time, as the connection.
interface Statements {
    /// A statement that nobody else uses until it is closed.
    Taken take(String sql) throws SQLException;

    /// Runs a statement without values or answer.
    default void run(String sql) throws SQLException {
        try (Taken taken = take(sql)) {
            taken.statement().execute();
        }
    }

    /// Compiled for each use: for connections that live shortly, and for drivers that keep statements themselves.
    static Statements ofOneUse(Connection connection) {
        return sql -> new Taken(connection.prepareStatement(sql), PreparedStatement::close);
    }

    /// One in use.
    ///
    /// @param end what its end is
    record Taken(PreparedStatement statement, End end) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            end.of(statement);
        }
    }

    /// What becomes of a statement after its use.
    @FunctionalInterface
    interface End {
        void of(PreparedStatement statement) throws SQLException;
    }
}
