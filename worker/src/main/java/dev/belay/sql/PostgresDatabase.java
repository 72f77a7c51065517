package dev.belay.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.belay.fault.FaultPoint;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One PostgreSQL database with a schema of ours, shared with other processes through a bounded pool of
/// connections. Who has nothing to do holds one, or none: see [Use].
///
/// Writing transactions are READ COMMITTED: whoever decides from what it has read locks it first (`FOR UPDATE`), so
/// that two decisions about one dataset come one after the other and those about different ones do not disturb each
/// other. SERIALIZABLE would need no locks, but takes whole small tables for read and makes workers fail each other all
/// day. What the server still breaks off (a deadlock) is run again here. Reading transactions see one snapshot
/// (REPEATABLE READ, read only).
///
/// A commit that returned survives a power cut of the server: `synchronous_commit` is switched on where it is off.
/// Names without a schema are those of this database's schema and of no other.
public final class PostgresDatabase implements Database {
    /// How long a transaction waits for a connection, or for a lock of another one, before it gives up as unavailable.
    public static final Duration BUSY_BUDGET = Duration.ofSeconds(15);

    private static final Duration CONNECT_BUDGET = Duration.ofSeconds(10);
    // A connection cut without a word is noticed after this; a statement of ours that needs longer asks for more.
    private static final Duration ANSWER_BUDGET = Duration.ofSeconds(60);
    private static final Duration LOADING_BUDGET = Duration.ofHours(6);
    /// So long a connection beyond those that are kept is held without being used, and until the pool looks
    /// next, which it does every half minute.
    public static final Duration IDLE = Duration.ofSeconds(25);

    // The oldest that its makers still mended when this was written; tests run on newer ones.
    private static final int OLDEST_VERSION = 14;

    private static final int TRIES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final String DURABLE_COMMITS = """
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'
            """;

    private final PostgresAddress address;
    private final String schema;
    private final HikariDataSource pool;
    private final RandomGenerator random;
    private final Calm calm = new Calm(IDLE);

    private PostgresDatabase(PostgresAddress address, String schema, HikariDataSource pool, RandomGenerator random) {
        this.address = address;
        this.schema = schema;
        this.pool = pool;
        this.random = random;
    }

    /// How a database is used.
    ///
    /// @param schema      where its tables are; made when it is missing and the role may
    /// @param connections at most so many at once, at least 1
    /// @param patience    how long a transaction waits for a connection, or for a lock of another one
    /// @param kept        connections that are held while there is nothing to do, 0 or 1; others are given
    /// back after some [#IDLE]
    public record Use(String schema, int connections, Duration patience, int kept) {
        /// With one that is kept.
        public Use(String schema, int connections, Duration patience) {
            this(schema, connections, patience, 1);
        }

        /// With the usual patience.
        public Use(String schema, int connections) {
            this(schema, connections, BUSY_BUDGET);
        }

        /// The same of what is only asked while a job runs: none is kept.
        public Use nothingKept() {
            return new Use(schema, connections, patience, 0);
        }
    }

    /// Connects and brings the schema to its newest version.
    ///
    /// @param random for the pauses before a transaction is run again; safe for many threads
    /// @throws dev.belay.job.Unavailable when it cannot be reached or used, is not ours, or is newer than
    /// this program
    public static PostgresDatabase open(
            PostgresAddress address, Use use, Migrations migrations, RandomGenerator random) {
        PostgresDatabase database = connected(address, use, random);
        boolean opened = false;
        try {
            database.bringUpToDate(use.schema(), migrations);
            opened = true;
            return database;
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    /// Connects to a schema that is there, for reading only: never migrates, so it works on what is newer or older
    /// than this program.
    ///
    /// @return empty when nobody has made it yet
    /// @throws dev.belay.job.Unavailable when the database cannot be reached or used, or the schema is not ours
    public static Optional<PostgresDatabase> find(
            PostgresAddress address, Use use, Migrations migrations, RandomGenerator random) {
        PostgresDatabase database = connected(address, use, random);
        boolean found = false;
        try {
            found = database.version(use.schema(), migrations) > 0;
            return found ? Optional.of(database) : Optional.empty();
        } finally {
            if (!found) {
                database.close();
            }
        }
    }

    private static PostgresDatabase connected(PostgresAddress address, Use use, RandomGenerator random) {
        var config = new HikariConfig();
        config.setPoolName("belay " + use.schema());
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setAutoCommit(false);
        config.setMaximumPoolSize(use.connections());
        config.setMinimumIdle(use.kept());
        if (use.connections() > use.kept()) {
            config.setIdleTimeout(IDLE.toMillis());
        }
        config.setConnectionTimeout(use.patience().toMillis());
        // The first connection is tried once: what keeps it from being made is told at once.
        config.setInitializationFailTimeout(1);
        config.setIsolateInternalQueries(true);
        config.setConnectionInitSql(DURABLE_COMMITS);
        config.setDataSourceProperties(driver(address, use));
        var database = new PostgresDatabase(address, use.schema(), pool(config, address.place()), random);
        boolean usable = false;
        try {
            database.refuseOld();
            usable = true;
            return database;
        } finally {
            if (!usable) {
                database.close();
            }
        }
    }

    /// What the driver is told. It passes over every value that is not a text.
    static Properties driver(PostgresAddress address, Use use) {
        var properties = new Properties();
        properties.setProperty("ApplicationName", "belay");
        properties.setProperty("currentSchema", SqlNames.quoted(use.schema()));
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_BUDGET.toSeconds()));
        properties.setProperty("socketTimeout", String.valueOf(ANSWER_BUDGET.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        // A time-out of the role would end a load that takes long, again and again.
        properties.setProperty(
                "options",
                "-c statement_timeout=0 -c lock_timeout=" + use.patience().toMillis());
        // Details hold values of rows, and messages of defects are logged.
        properties.setProperty("logServerErrorDetail", "false");
        if (address.hasSeveralHosts()) {
            // What follows another server may be late, and whoever reads there would decide by what was.
            properties.setProperty("targetServerType", "primary");
        }
        return properties;
    }

    private void refuseOld() {
        try (Connection connection = pool.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw PostgresFailures.tooOld(address.place(), version, OLDEST_VERSION);
            }
        } catch (SQLException failed) {
            throw PostgresFailures.unavailable(failed, address.place());
        }
    }

    private static HikariDataSource pool(HikariConfig config, String place) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException failed) {
            throw failed.getCause() instanceof SQLException refused
                    ? PostgresFailures.unavailable(refused, place)
                    : failed;
        }
    }

    /// Brings another schema of the same database up to date; its tables are called by their full names then.
    ///
    /// @throws dev.belay.job.Unavailable when it is not ours, or is newer than this program
    public void bringUpToDate(String schema, Migrations migrations) {
        try (Connection connection = pool.getConnection()) {
            new PostgresMigrations(migrations, connection, schema, address.place()).bringUpToDate();
        } catch (SQLException failed) {
            throw PostgresFailures.unavailable(failed, address.place());
        }
    }

    /// Gives a schema of the database another name, in one transaction.
    ///
    /// @throws dev.belay.job.Unavailable when it cannot be, as without the right to make schemas
    public void renameSchema(String from, String to) {
        write(FaultPoint.MIGRATION_STEP, session -> {
            session.run("ALTER SCHEMA %s RENAME TO %s".formatted(SqlNames.quoted(from), SqlNames.quoted(to)));
            return true;
        });
    }

    /// The version of another schema of the same database, also one that is newer than this program; 0 when nobody has
    /// made it yet. Changes nothing.
    ///
    /// @throws dev.belay.job.Unavailable when it is not ours
    public int version(String schema, Migrations migrations) {
        try (Connection connection = pool.getConnection()) {
            try {
                return new PostgresMigrations(migrations, connection, schema, address.place()).found();
            } finally {
                rollBackQuietly(connection);
            }
        } catch (SQLException failed) {
            throw PostgresFailures.unavailable(failed, address.place());
        }
    }

    @Override
    public <T extends @Nullable Object> T write(FaultPoint point, Work<T> work) {
        return write(List.of(point), work);
    }

    /// Runs `work` in one durable transaction with something of another schema, which `work` does by [#add] where there
    /// is something to add: both are kept, or neither.
    public <T extends @Nullable Object> T write(FaultPoint point, Addition<?> addition, Work<T> work) {
        return write(List.of(point, addition.point()), work);
    }

    private <T extends @Nullable Object> T write(List<FaultPoint> points, Work<T> work) {
        return tried(() -> {
            for (FaultPoint point : points) {
                point.before(PostgresFailures::injected);
            }
            T result = transaction(connection -> {
                T made = work.in(new Session(connection));
                FaultPoint.DATABASE_COMMIT.before(PostgresFailures::injected);
                return made;
            });
            for (FaultPoint point : points) {
                point.after(PostgresFailures::injected);
            }
            return result;
        });
    }

    /// Does an addition inside a transaction of this database, with the names of its schema; afterwards they are those
    /// of this database's again, as they are where it throws, because then nothing is kept.
    ///
    /// Not by `SET`, at which the driver forgets every statement that it has prepared.
    public <A> void add(Session session, Addition<A> addition, A about) throws SQLException {
        lookInto(session, addition.schema());
        addition.step().in(session, about);
        lookInto(session, schema);
    }

    private static void lookInto(Session session, String schema) throws SQLException {
        session.first("SELECT set_config('search_path', ?, true)", row -> true, SqlNames.quoted(schema));
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return tried(() -> snapshot(work));
    }

    @Override
    public <T extends @Nullable Object> T read(FaultPoint point, Work<T> work) {
        return tried(() -> {
            point.before(PostgresFailures::injected);
            T result = snapshot(work);
            point.after(PostgresFailures::injected);
            return result;
        });
    }

    /// Runs `work` once in one durable transaction: for rows that flow in from elsewhere. It is not run again when
    /// another transaction was in its way; each of its statements may take hours.
    ///
    /// @throws JobFailure  as `work` does
    /// @throws IOException as `work` does
    public <T> T load(FaultPoint point, Loading<T> work) throws JobFailure, IOException {
        return lent(connection -> {
            point.before(PostgresFailures::injected);
            T result = work.on(connection);
            FaultPoint.DATABASE_COMMIT.before(PostgresFailures::injected);
            try {
                connection.commit();
                FaultPoint.DATABASE_COMMIT.after(PostgresFailures::injected);
            } catch (SQLException failed) {
                throw PostgresFailures.commitFailed(failed, address.place());
            }
            point.after(PostgresFailures::injected);
            return result;
        });
    }

    /// Runs `work` once in a transaction of which nothing is kept, for what is sorted and merged in temporary tables on
    /// the way into [#load]. Each of its statements may take hours.
    ///
    /// @throws JobFailure  as `work` does
    /// @throws IOException as `work` does
    public <T> T aside(Loading<T> work) throws JobFailure, IOException {
        return lent(work);
    }

    /// Whatever the work did and has not committed is rolled back.
    private <T> T lent(Loading<T> work) throws JobFailure, IOException {
        try (Connection connection = pool.getConnection()) {
            calm.taken();
            try {
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LOADING_BUDGET.toMillis()));
                return work.on(connection);
            } finally {
                calm.givenBack();
                rollBackQuietly(connection);
            }
        } catch (SQLException failed) {
            throw PostgresFailures.unavailable(failed, address.place());
        }
    }

    /// What is done once with a connection that is not in autocommit.
    @FunctionalInterface
    public interface Loading<T> {
        /// @param connection usable until this method returns, ended by its lender
        T on(Connection connection) throws SQLException, JobFailure, IOException;
    }

    private <T extends @Nullable Object> T snapshot(Work<T> work) throws SQLException {
        return onConnection(connection -> {
            var session = new Session(connection);
            session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            T result = work.in(session);
            connection.commit();
            return result;
        });
    }

    private <T extends @Nullable Object> T transaction(OnConnection<T> work) throws SQLException {
        return onConnection(connection -> {
            T result = work.with(connection);
            try {
                connection.commit();
                FaultPoint.DATABASE_COMMIT.after(PostgresFailures::injected);
            } catch (SQLException failed) {
                if (PostgresFailures.remedy(failed) != PostgresFailures.Remedy.NONE) {
                    throw failed;
                }
                throw PostgresFailures.commitFailed(failed, address.place());
            }
            return result;
        });
    }

    /// Whatever the work throws, nothing of it is left on the connection.
    private <T extends @Nullable Object> T onConnection(OnConnection<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            boolean ended = false;
            calm.taken();
            try {
                T result = work.with(connection);
                ended = true;
                giveUpIfOneIsEnough(connection);
                return result;
            } catch (SQLException failed) {
                rollBackQuietly(connection);
                ended = true;
                switch (PostgresFailures.remedy(failed)) {
                    case AGAIN_ELSEWHERE, ELSEWHERE -> pool.evictConnection(connection);
                    case NONE, AGAIN -> {
                        // The connection is as good as before, or the pool has seen that it is not.
                    }
                }
                throw failed;
            } finally {
                calm.givenBack();
                if (!ended) {
                    rollBackQuietly(connection);
                }
            }
        }
    }

    /// Of several that are used one at a time, this one goes.
    private void giveUpIfOneIsEnough(Connection connection) {
        if (calm.lasts() && pool.getHikariPoolMXBean().getTotalConnections() > 1) {
            pool.evictConnection(connection);
        }
    }

    private <T extends @Nullable Object> T tried(Try<T> once) {
        long ceiling = FIRST_PAUSE.toNanos();
        for (int tries = 1; true; tries++) {
            try {
                return once.make();
            } catch (SQLException failed) {
                boolean again = switch (PostgresFailures.remedy(failed)) {
                    case AGAIN, AGAIN_ELSEWHERE -> tries < TRIES;
                    case NONE, ELSEWHERE -> false;
                };
                if (!again) {
                    throw PostgresFailures.unavailable(failed, address.place());
                }
                LockSupport.parkNanos(random.nextLong(ceiling));
                ceiling = Math.min(2 * ceiling, LONGEST_PAUSE.toNanos());
            }
        }
    }

    /// What is done once, and perhaps again.
    @FunctionalInterface
    private interface Try<T extends @Nullable Object> {
        T make() throws SQLException;
    }

    /// What is done with a connection of the pool.
    @FunctionalInterface
    private interface OnConnection<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    static void rollBackQuietly(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            // The first failure is the one to report; the server ends what its client has left.
        }
    }

    /// Where it is, for messages.
    public String place() {
        return address.place();
    }

    /// The schema whose names stand without one.
    public String schema() {
        return schema;
    }

    @Override
    public void close() {
        pool.close();
    }
}
