package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One SQLite file of ours, shared with other processes: one writing and one reading connection, short transactions.
/// What threads write at the same time becomes durable together ([SharedCommit]).
///
/// WAL with `synchronous=FULL`: a commit that returned survives a power cut. Writers begin IMMEDIATE, so that a
/// transaction that reads first never fails half-way because another process wrote meanwhile. Safe for many threads.
public final class SqliteDatabase implements Database {
    /// How long a transaction waits for other processes before it gives up as unavailable.
    public static final Duration BUSY_BUDGET = Duration.ofSeconds(15);

    private static final Duration WAL_PAUSE = Duration.ofMillis(5);

    private final Path file;
    private final Connection writer;
    private final Connection reader;
    private final KeptStatements written;
    private final KeptStatements read;
    private final SharedCommit commits;
    // Guards the reading connection: it carries one transaction at a time.
    private final ReentrantLock reading = new ReentrantLock();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder count = new LongAdder();

    private SqliteDatabase(Path file, Connection writer, Connection reader) {
        this.file = file;
        this.writer = writer;
        this.reader = reader;
        this.written = new KeptStatements(writer);
        this.read = new KeptStatements(reader);
        this.commits = new SharedCommit(written);
    }

    /// Opens the file, making it if it is missing, and brings it to the newest version of its schema.
    ///
    /// @throws dev.belay.job.Unavailable when it cannot be opened, is not ours, or is newer than this program
    public static SqliteDatabase open(Path file, Migrations migrations) {
        try {
            Connection writer = SqliteConnections.connected(file, SqliteConnections.config(), "synchronous = FULL");
            try {
                // Before anything of the file is changed, so that a file that is not ours stays as it is.
                new SqliteMigrations(migrations, writer, file).bringUpToDate();
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

    /// Nothing was kept of what throws unless the commit itself was lost in an I/O error, which ends the process.
    @Override
    public <T extends @Nullable Object> T write(FaultPoint point, Work<T> work) {
        try {
            point.before(SqliteFailures::injected);
            writes.increment();
            T result = commits.write(() -> {
                T made = work.in(new Session(written, count));
                FaultPoint.DATABASE_COMMIT.before(SqliteFailures::injected);
                return made;
            });
            FaultPoint.DATABASE_COMMIT.after(SqliteFailures::injected);
            point.after(SqliteFailures::injected);
            return result;
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        }
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return reading(() -> snapshot(work));
    }

    @Override
    public <T extends @Nullable Object> T read(FaultPoint point, Work<T> work) {
        return reading(() -> {
            point.before(SqliteFailures::injected);
            T result = snapshot(work);
            point.after(SqliteFailures::injected);
            return result;
        });
    }

    private <T extends @Nullable Object> T snapshot(Work<T> work) throws SQLException {
        reads.increment();
        read.run("BEGIN");
        boolean ended = false;
        try {
            T result = work.in(new Session(read, count));
            read.run("COMMIT");
            ended = true;
            return result;
        } finally {
            if (!ended) {
                SharedCommit.rollBackQuietly(read);
            }
        }
    }

    private <T extends @Nullable Object> T reading(SharedCommit.Part<T> use) {
        reading.lock();
        try {
            return use.make();
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            reading.unlock();
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
    /// @param writes     transactions that write: an fsync each, unless they change nothing or come together
    /// @param statements in both
    public record Tally(long reads, long writes, long statements) {}

    /// What was asked of it so far.
    public Tally tally() {
        return new Tally(reads.sum(), writes.sum(), count.sum());
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
        // What runs finishes first.
        commits.close();
        reading.lock();
        try {
            reader.close();
            writer.close();
        } catch (SQLException failed) {
            throw SqliteFailures.unavailable(failed, file);
        } finally {
            reading.unlock();
        }
    }

    /// SQLite reads before it changes the mode, and does not wait for a lock once it has read: of two processes that
    /// open a new file at once, one would be refused. So the waiting is done here.
    private static void enterWal(Connection writer) throws SQLException {
        FaultPoint.DATABASE_WAL.before(SqliteFailures::injected);
        long begun = System.nanoTime();
        while (!triedWal(writer, System.nanoTime() - begun < BUSY_BUDGET.toNanos())) {
            LockSupport.parkNanos(WAL_PAUSE.toNanos());
        }
        FaultPoint.DATABASE_WAL.after(SqliteFailures::injected);
    }

    private static boolean triedWal(Connection writer, boolean again) throws SQLException {
        try {
            SqliteConnections.execute(writer, "PRAGMA journal_mode = WAL");
            return true;
        } catch (SQLException failed) {
            if (again && SqliteFailures.isBusy(failed)) {
                return false;
            }
            throw failed;
        }
    }
}
