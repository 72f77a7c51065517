package dev.belay.datastore.sqlite;

import dev.belay.fault.FaultPoint;
import dev.belay.job.RowSink;
import dev.belay.sql.SqliteFailures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts rows into a table by JDBC, many with each statement: that is what makes it as fast as the `sqlite3` shell's
/// import.
///
/// The last rows are in the table after [#finish()] only. What SQLite throws comes through the rows' reader as a
/// [Refused].
final class RowInserter implements RowSink, AutoCloseable {
    // Measured on 6 columns: more bound values than this gain nothing.
    private static final int VALUES_PER_STATEMENT = 384;

    private final List<StoredColumn> columns;
    private final int width;
    private final @Nullable Object[] pending;
    private final PreparedStatement many;
    private final PreparedStatement one;
    private int filled;

    /// A statement failed: carries it through code that reads rows.
    static final class Refused extends IOException {
        private final SQLException failed;

        private Refused(SQLException failed) {
            super(failed);
            this.failed = failed;
        }

        /// What SQLite said.
        SQLException failed() {
            return failed;
        }
    }

    /// @param key columns whose row is replaced when there is one of the same key; empty to add every row
    RowInserter(Connection connection, TableLayout layout, List<String> key) throws SQLException {
        columns = layout.columns();
        width = columns.size();
        pending = new Object[Math.max(1, VALUES_PER_STATEMENT / width) * width];
        String onConflict = key.isEmpty() ? "" : replacing(layout, key);
        many = connection.prepareStatement(insert(layout, pending.length / width) + onConflict);
        one = connection.prepareStatement(insert(layout, 1) + onConflict);
    }

    private static String insert(TableLayout layout, int rows) {
        List<String> names = layout.quotedColumns();
        String row = "(" + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
        return "INSERT INTO " + layout.quotedTable() + " (" + String.join(", ", names) + ") VALUES "
                + String.join(", ", Collections.nCopies(rows, row));
    }

    private static String replacing(TableLayout layout, List<String> key) {
        return layout.quotedColumns().stream()
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", ", " ON CONFLICT (" + String.join(", ", key) + ") DO UPDATE SET ", ""));
    }

    @Override
    public void nothing(int column) {
        pending[filled + column] = null;
    }

    @Override
    public void integer(int column, long value) {
        pending[filled + column] = value;
    }

    @Override
    public void real(int column, double value) {
        pending[filled + column] = value;
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        text(column, bytes, from, to);
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        pending[filled + column] = columns.get(column).stored(text);
    }

    @Override
    public void endRow() throws Refused {
        filled += width;
        if (filled == pending.length) {
            try {
                chunk(many, filled);
            } catch (SQLException failed) {
                throw new Refused(failed);
            }
        }
    }

    /// Puts the last rows into the table.
    void finish() throws SQLException {
        if (filled > 0) {
            chunk(one, width);
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

    private void execute(PreparedStatement statement, int from, int count) throws SQLException {
        for (int at = 0; at < count; at++) {
            statement.setObject(at + 1, pending[from + at]);
        }
        statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        try (one) {
            many.close();
        }
    }
}
