package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One SQLite file of ours, shared with other processes: one writing and one reading connection, short transactions.
///
/// WAL with `synchronous=FULL`: a commit that returned survives a power cut. Writers begin IMMEDIATE, so that a
/// transaction that reads first never fails half-way because another process wrote meanwhile. Safe for many threads.
public final class SqliteDatabase implements AutoCloseable {
    /// How long a transaction waits for other processes before it gives up as unavailable.
    public static final Duration BUSY_BUDGET = Duration.ofSeconds(15);

    private static final String READ = "BEGIN";
    private static final String WRITE = "BEGIN IMMEDIATE";

    private final Path file;
    private final Connection writer;
    private final Connection reader;
    // Each guards its connection: a JDBC connection carries one transaction at a time.
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder statements = new LongAdder();

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
            Connection writer = SqliteConnections.connected(file, SqliteConnections.config(), "synchronous = FULL");
            try {
                // Before anything of the file is changed, so that a file that is not ours stays as it is.
                migrations.bringUpToDate(writer, file);
                enterWal(writer);
                return new SqliteDatabase(file, writer, SqliteConnections.reading(file));
            } catch (SQLException | RuntimeException failed) {
                writer.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    /// Opens an existing file for reading only; never migrates, so it works on stores newer or older than this
    /// program.
    ///
    /// @throws dev.belay.job.Unavailable when it cannot be opened
    public static SqliteDatabase openReadOnly(Path file) {
        try {
            Connection reader = SqliteConnections.reading(file);
            return new SqliteDatabase(file, reader, reader);
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    /// Runs `work` in one durable transaction: all of it is kept, or, when it throws, nothing.
    ///
    /// @param point the name of what becomes durable: no transaction of ours is without
    /// @throws dev.belay.job.Unavailable when the database cannot be used; nothing was kept unless the commit
    /// itself was lost in an I/O error, which ends the process
    public <T extends @Nullable Object> T write(FaultPoint point, Work<T> work) {
        return locked(writing, () -> {
            point.before(SqliteFailures::injected);
            T result = inTransaction(writer, WRITE, session -> {
                T made = work.in(session);
                FaultPoint.DATABASE_COMMIT.before(SqliteFailures::injected);
                return made;
            });
            FaultPoint.DATABASE_COMMIT.after(SqliteFailures::injected);
            point.after(SqliteFailures::injected);
            return result;
        });
    }

    /// Runs `work` on one consistent snapshot.
    public <T extends @Nullable Object> T read(Work<T> work) {
        return locked(reading, () -> inTransaction(reader, READ, work));
    }

    /// Runs `work` on one consistent snapshot whose reading is a step of its own.
    public <T extends @Nullable Object> T read(FaultPoint point, Work<T> work) {
        return locked(reading, () -> {
            point.before(SqliteFailures::injected);
            T result = inTransaction(reader, READ, work);
            point.after(SqliteFailures::injected);
            return result;
        });
    }

    private <T extends @Nullable Object> T inTransaction(Connection connection, String begin, Work<T> work)
            throws SQLException {
        (begin.equals(READ) ? reads : writes).increment();
        SqliteConnections.execute(connection, begin);
        boolean kept = false;
        try {
            T result = work.in(new Session(connection, statements));
            SqliteConnections.execute(connection, "COMMIT");
            kept = true;
            return result;
        } finally {
            if (!kept) {
                rollBackQuietly(connection);
            }
        }
    }

    /// What is done with a connection while nobody else uses it.
    @FunctionalInterface
    private interface Use<T extends @Nullable Object> {
        T make() throws SQLException;
    }

    private <T extends @Nullable Object> T locked(ReentrantLock lock, Use<T> use) {
        lock.lock();
        try {
            return use.make();
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            lock.unlock();
        }
    }

    /// What SQLite's quick check finds wrong with the file; empty when nothing is. Changes nothing.
    public List<String> damage() {
        return read(session -> session.list("PRAGMA quick_check(5)", row -> row.text("quick_check"))).stream()
                .filter(line -> !line.equals("ok"))
                .toList();
    }

    /// What was asked of a database since it was opened.
    ///
    /// @param reads      transactions that only read
    /// @param writes     transactions that write: an fsync each, unless they change nothing
    /// @param statements in both
    public record Tally(long reads, long writes, long statements) {}

    /// What was asked of it so far.
    public Tally tally() {
        return new Tally(reads.sum(), writes.sum(), statements.sum());
    }

    /// For tests that count what SQLite does: the writing and the reading one.
    List<Connection> connections() {
        return List.of(writer, reader);
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

    private static void enterWal(Connection writer) throws SQLException {
        FaultPoint.DATABASE_WAL.before(SqliteFailures::injected);
        SqliteConnections.execute(writer, "PRAGMA journal_mode = WAL");
        FaultPoint.DATABASE_WAL.after(SqliteFailures::injected);
    }

    private static void rollBackQuietly(Connection connection) {
        try {
            SqliteConnections.execute(connection, "ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            // SQLite ends the transaction by itself on a full disk or an I/O error; the first failure is the one to
            // report.
        }
    }
}
