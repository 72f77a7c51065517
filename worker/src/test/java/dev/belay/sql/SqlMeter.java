package dev.belay.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;
import org.sqlite.ProgressHandler;

/// Counts what SQLite does for a database that is in use.
public final class SqlMeter {
    private final SqliteDatabase database;
    private final LongAdder rows = new LongAdder();

    private SqlMeter(SqliteDatabase database) {
        this.database = database;
    }

    /// Counts from now on, on both of its connections.
    public static SqlMeter on(SqliteDatabase database) throws SQLException {
        var meter = new SqlMeter(database);
        for (Connection connection : database.connections()) {
            // SQLite asks at every jump of a statement's program, so at each row it steps to.
            ProgressHandler.setHandler(connection, 1, new ProgressHandler() {
                @Override
                protected int progress() {
                    meter.rows.increment();
                    return 0;
                }
            });
        }
        return meter;
    }

    /// What was done, or the difference of two such.
    ///
    /// @param reads      transactions that only read
    /// @param writes     transactions that write: one fsync of the write-ahead log each
    /// @param statements in both
    /// @param steps      jumps of SQLite's programs: grows with every row that is looked at
    /// @param pages      in the write-ahead log
    public record Reading(long reads, long writes, long statements, long steps, long pages) {
        /// What was done since an earlier reading.
        public Reading since(Reading earlier) {
            return new Reading(
                    reads - earlier.reads,
                    writes - earlier.writes,
                    statements - earlier.statements,
                    steps - earlier.steps,
                    pages - earlier.pages);
        }
    }

    /// Empties the write-ahead log, so that its pages can be counted.
    public void checkpoint() throws SQLException {
        SqliteConnections.execute(database.connections().getFirst(), "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// What was done so far.
    public Reading read() {
        SqliteDatabase.Tally tally = database.tally();
        return new Reading(tally.reads(), tally.writes(), tally.statements(), rows.sum(), pages());
    }

    private long pages() {
        Path log = database.file().resolveSibling(database.file().getFileName() + "-wal");
        try {
            return Files.exists(log) ? Files.size(log) / 4120 : 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
