package dev.belay.datastore.sqlite;

import dev.belay.datastore.IncomingRows;
import dev.belay.fault.FaultPoint;
import dev.belay.job.JobFailure;
import dev.belay.sql.SqliteFailures;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts rows into a table, many with each statement: that is what makes JDBC as fast as the `sqlite3` shell's import.
final class RowInserter {
    // Measured on 6 columns: more bound values than this gain nothing.
    private static final int VALUES_PER_STATEMENT = 384;

    private final Connection connection;
    private final TableLayout layout;
    private final String onConflict;
    private final int width;
    private final @Nullable Object[] pending;
    private int filled;

    /// @param key columns whose row is replaced when there is one of the same key; empty to add every row
    RowInserter(Connection connection, TableLayout layout, List<String> key) {
        this.connection = connection;
        this.layout = layout;
        onConflict = key.isEmpty() ? "" : replacing(layout, key);
        width = layout.columns().size();
        pending = new Object[Math.max(1, VALUES_PER_STATEMENT / width) * width];
    }

    private static String replacing(TableLayout layout, List<String> key) {
        return layout.quotedColumns().stream()
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", ", " ON CONFLICT (" + String.join(", ", key) + ") DO UPDATE SET ", ""));
    }

    void insertAll(IncomingRows rows) throws JobFailure, IOException, SQLException {
        try (PreparedStatement many = prepared(pending.length / width);
                PreparedStatement one = prepared(1)) {
            while (rows.next()) {
                for (int column = 0; column < width; column++) {
                    pending[filled++] = layout.columns().get(column).stored(rows.value(column));
                }
                if (filled == pending.length) {
                    chunk(many, filled);
                }
            }
            if (filled > 0) {
                chunk(one, width);
            }
        }
    }

    /// Puts what is pending into the table.
    ///
    /// @param each how many values the statement takes at once
    private void chunk(PreparedStatement statement, int each) throws SQLException {
        FaultPoint.STAGE_CHUNK.before(SqliteFailures::injected);
        for (int from = 0; from < filled; from += each) {
            execute(statement, from, each);
        }
        filled = 0;
        FaultPoint.STAGE_CHUNK.after(SqliteFailures::injected);
    }

    private PreparedStatement prepared(int rows) throws SQLException {
        String row = "(" + String.join(", ", Collections.nCopies(width, "?")) + ")";
        return connection.prepareStatement("INSERT INTO " + layout.quotedTable() + " ("
                + String.join(", ", layout.quotedColumns()) + ") VALUES "
                + String.join(", ", Collections.nCopies(rows, row)) + onConflict);
    }

    private void execute(PreparedStatement statement, int from, int count) throws SQLException {
        for (int at = 0; at < count; at++) {
            statement.setObject(at + 1, pending[from + at]);
        }
        statement.executeUpdate();
    }
}
