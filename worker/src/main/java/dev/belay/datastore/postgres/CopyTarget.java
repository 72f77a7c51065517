package dev.belay.datastore.postgres;

import dev.belay.fault.FaultPoint;
import dev.belay.sql.PostgresFailures;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/// One `COPY … FROM STDIN (FORMAT binary)` that runs.
final class CopyTarget implements AutoCloseable, BinaryRows.Chunks {
    // The signature, no flags, no further header.
    private static final byte[] HEADER = "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] END = {-1, -1};

    private final CopyIn copy;

    /// @param sql the statement
    CopyTarget(Connection connection, String sql) throws SQLException {
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    }

    /// Begins with rows that are encoded here.
    void begin() throws SQLException {
        copy.writeToCopy(HEADER, 0, HEADER.length);
    }

    @Override
    public void take(byte[] bytes, int length) throws CopyRefused {
        try {
            FaultPoint.STAGE_CHUNK.before(PostgresFailures::injected);
            copy.writeToCopy(bytes, 0, length);
            FaultPoint.STAGE_CHUNK.after(PostgresFailures::injected);
        } catch (SQLException failed) {
            throw new CopyRefused(failed);
        }
    }

    /// Ends rows that were encoded here.
    ///
    /// @return how many rows the server has taken
    long end() throws SQLException {
        copy.writeToCopy(END, 0, END.length);
        return finish();
    }

    /// Writes all that another connection's `COPY … TO STDOUT (FORMAT binary)` gives, with its header and end.
    ///
    /// @param query what gives columns of exactly this table's types
    void writeAll(Connection from, String query) throws SQLException {
        CopyOut rows = from.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (%s) TO STDOUT (FORMAT binary)".formatted(query));
        try {
            for (byte[] piece = rows.readFromCopy(); piece != null; piece = rows.readFromCopy()) {
                copy.writeToCopy(piece, 0, piece.length);
            }
        } finally {
            if (rows.isActive()) {
                rows.cancelCopy();
            }
        }
    }

    /// Ends it.
    ///
    /// @return how many rows the server has taken
    long finish() throws SQLException {
        return copy.endCopy();
    }

    /// Breaks it off unless it has ended.
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
