package dev.belay.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// One SQLite file of ours, shared with other processes: one writing and one reading connection, short transactions.
///
/// WAL with `synchronous=FULL`: a commit that returned survives a power cut. Writers begin IMMEDIATE, so that a
/// transaction that reads first never fails half-way because another process wrote meanwhile. Safe for many threads.
public final class SqliteDatabase implements AutoCloseable {
    /// How long a transaction waits for other processes before it gives up as unavailable.
    public static final Duration BUSY_BUDGET = Duration.ofSeconds(15);

    private final Path file;
    private final Connection writer;
    private final Connection reader;
    // Each guards its connection: a JDBC connection carries one transaction at a time.
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();

    private SqliteDatabase(Path file, Connection writer, Connection reader) {
        this.file = file;
        this.writer = writer;
        this.reader = reader;
    }

    /// Opens the file, making it if it is missing, and brings it to the newest version of its schema.
    ///
    /// @throws dev.belay.job.Unavailable when it cannot be opened, is not ours, or is newer than this program
    public static SqliteDatabase open(Path file, Migrations migrations) {
        try {
            Connection writer = connect(file, false);
            try {
                migrations.bringUpToDate(writer, file);
                return new SqliteDatabase(file, writer, connect(file, true));
            } catch (SQLException | RuntimeException failed) {
                writer.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    /// Opens an existing file for reading only; never migrates, so it works on stores newer or older than this program.
    ///
    /// @throws dev.belay.job.Unavailable when it cannot be opened
    public static SqliteDatabase openReadOnly(Path file) {
        try {
            Connection reader = connect(file, true);
            return new SqliteDatabase(file, reader, reader);
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    /// Runs `work` in one durable transaction: all of it is kept, or, when it throws, nothing.
    ///
    /// @throws dev.belay.job.Unavailable when the database cannot be used; nothing was kept unless the commit itself
    ///     was lost in an I/O error, which ends the process
    public <T extends @Nullable Object> T write(Work<T> work) {
        return inTransaction(writer, writing, "BEGIN IMMEDIATE", work);
    }

    /// Runs `work` on one consistent snapshot.
    public <T extends @Nullable Object> T read(Work<T> work) {
        return inTransaction(reader, reading, "BEGIN", work);
    }

    private <T extends @Nullable Object> T inTransaction(
            Connection connection, ReentrantLock lock, String begin, Work<T> work) {
        lock.lock();
        try {
            execute(connection, begin);
            boolean kept = false;
            try {
                T result = work.in(new Session(connection));
                execute(connection, "COMMIT");
                kept = true;
                return result;
            } finally {
                if (!kept) {
                    rollBackQuietly(connection);
                }
            }
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            lock.unlock();
        }
    }

    /// The file itself.
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        // A running transaction finishes first: close waits for both locks.
        writing.lock();
        reading.lock();
        try {
            reader.close();
            writer.close();
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }

    private static Connection connect(Path file, boolean readOnly) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout((int) BUSY_BUDGET.toMillis());
        config.enforceForeignKeys(true);
        config.enableLoadExtension(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            execute(connection, "PRAGMA trusted_schema = OFF");
            if (readOnly) {
                execute(connection, "PRAGMA query_only = ON");
            } else {
                execute(connection, "PRAGMA journal_mode = WAL");
                execute(connection, "PRAGMA synchronous = FULL");
            }
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void rollBackQuietly(Connection connection) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            // SQLite ends the transaction by itself on a full disk or an I/O error; the first failure is the one to
            // report.
        }
    }
}
